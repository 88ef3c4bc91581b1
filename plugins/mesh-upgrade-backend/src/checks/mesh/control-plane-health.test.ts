import {
  anIstiodDeployment,
  clusterContext,
  has,
  meshWithIstiod,
} from '../__testUtils__/fakes';
import { controlPlaneHealth } from './control-plane-health';

function look(objects: Parameters<typeof has>[0]) {
  return controlPlaneHealth().run(
    clusterContext('prod-eu', {
      mesh: meshWithIstiod(),
      clusters: { 'prod-eu': has(objects) },
    }),
  );
}

const REPLICA_SET = {
  metadata: {
    name: 'istiod-1',
    namespace: 'istio-system',
    uid: 'rs',
    ownerReferences: [
      {
        kind: 'Deployment',
        name: 'istiod',
        uid: 'istiod-uid',
        controller: true,
      },
    ],
  },
};

function pod(name: string, status: object) {
  return {
    metadata: {
      name,
      namespace: 'istio-system',
      ownerReferences: [
        { kind: 'ReplicaSet', name: 'istiod-1', uid: 'rs', controller: true },
      ],
    },
    spec: {},
    status,
  };
}

const CRASHING = pod('istiod-1-a', {
  phase: 'Running',
  containerStatuses: [
    {
      name: 'discovery',
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 5m0s restarting failed container',
        },
      },
      lastState: { terminated: { exitCode: 1 } },
    },
  ],
});

const partly = (availableReplicas: number) =>
  anIstiodDeployment({
    status: {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas,
    },
  });

describe('control-plane-health', () => {
  it('passes an istiod of which every pod is available', async () => {
    await expect(
      look({ deployments: [anIstiodDeployment()] }),
    ).resolves.toMatchObject([
      {
        severity: 'passed',
        evidence: { observed: '2 of 2 pods are available' },
      },
    ]);
  });

  it('blocks on one that crashes, in the words of Kubernetes', async () => {
    const [finding] = await look({
      deployments: [partly(1)],
      replicasets: [REPLICA_SET],
      pods: [CRASHING],
    });
    expect(finding).toMatchObject({
      severity: 'blocker',
      title: 'Deployment istio-system/istiod crashes',
      remedy: expect.stringContaining('--previous'),
    });
    expect(finding.evidence.observed).toBe(
      '1 of 2 pods are available; istiod-1-a: discovery CrashLoopBackOff: back-off 5m0s restarting failed container; last exit code 1',
    );
  });

  it.each([
    ['pods that are missing', { deployments: [partly(1)] }, 'not available'],
    [
      'no pods wanted',
      { deployments: [anIstiodDeployment({ spec: { replicas: 0 } })] },
      'scaled to zero',
    ],
    ['an istiod that is gone', {}, 'is gone'],
  ])('blocks on %s', async (_, objects, title) => {
    await expect(look(objects)).resolves.toMatchObject([
      { severity: 'blocker', title: expect.stringContaining(title) },
    ]);
  });
});
