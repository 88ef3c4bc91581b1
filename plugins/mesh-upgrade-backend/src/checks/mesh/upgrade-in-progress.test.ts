import type { RunSummary } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  anIstiodDeployment,
  has,
  meshContext,
  meshWithIstiod,
} from '../__testUtils__/fakes';
import { upgradeInProgress } from './upgrade-in-progress';

const ISTIO = {
  metadata: { name: 'default', generation: 2 },
  spec: {},
  status: { observedGeneration: 2, state: 'Healthy' },
};

function look(options: {
  method?: 'sail' | 'helm';
  objects?: Parameters<typeof has>[0];
  runs?: Partial<RunSummary>[];
  client?: Parameters<typeof meshContext>[0]['clusters'][string];
}) {
  const objects = {
    deployments: [anIstiodDeployment()],
    istios: [ISTIO],
    ...options.objects,
  };
  return upgradeInProgress({
    activeRuns: async () => (options.runs ?? []) as RunSummary[],
  }).run(
    meshContext({
      mesh: meshWithIstiod({
        install: { method: options.method ?? 'sail', evidence: [] },
      }),
      clusters: { 'prod-eu': options.client ?? has(objects) },
    }),
  );
}

describe('upgrade-in-progress', () => {
  it('passes when nothing changes the control plane', async () => {
    await expect(
      look({ runs: [{ id: 'r', meshId: 'other', state: 'running' }] }),
    ).resolves.toMatchObject([{ severity: 'passed' }]);
  });

  it('blocks on another run', async () => {
    await expect(
      look({
        runs: [
          {
            id: 'r1',
            meshId: 'shop',
            state: 'running',
            startedBy: 'user:default/ada',
            targetVersion: '1.30.3',
          },
        ],
      }),
    ).resolves.toMatchObject([
      {
        severity: 'blocker',
        title: expect.stringContaining('user:default/ada'),
      },
    ]);
  });

  it('blocks on a rollout that is under way or was given up, and leaves ill pods to the health check', async () => {
    const deployment = (status: object) => ({
      deployments: [anIstiodDeployment({ status })],
    });
    const rolling = {
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 1,
      availableReplicas: 3,
    };
    await expect(look({ objects: deployment(rolling) })).resolves.toMatchObject(
      [
        {
          severity: 'blocker',
          cluster: 'prod-eu',
          title: 'Deployment istio-system/istiod is being rolled out',
        },
      ],
    );
    await expect(
      look({
        objects: deployment({
          ...rolling,
          conditions: [
            {
              type: 'Progressing',
              status: 'False',
              reason: 'ProgressDeadlineExceeded',
              message: 'timed out progressing',
            },
          ],
        }),
      }),
    ).resolves.toMatchObject([
      {
        severity: 'blocker',
        evidence: {
          observed: 'ProgressDeadlineExceeded: timed out progressing',
        },
      },
    ]);
    await expect(
      look({
        objects: deployment({
          observedGeneration: 1,
          replicas: 2,
          updatedReplicas: 2,
          availableReplicas: 1,
        }),
      }),
    ).resolves.toMatchObject([{ severity: 'passed' }]);
  });

  it('blocks on what the operator has not seen, and asks for consent to what it cannot work in', async () => {
    await expect(
      look({
        objects: {
          istios: [{ ...ISTIO, status: { observedGeneration: 1 } }],
        },
      }),
    ).resolves.toMatchObject([{ severity: 'blocker' }]);
    await expect(
      look({
        objects: {
          istios: [
            {
              ...ISTIO,
              status: {
                observedGeneration: 2,
                state: 'ReconcileError',
                conditions: [
                  {
                    type: 'Reconciled',
                    status: 'False',
                    message: 'version v9 not found',
                  },
                ],
              },
            },
          ],
        },
      }),
    ).resolves.toMatchObject([
      { severity: 'consent', evidence: { observed: 'version v9 not found' } },
    ]);
  });

  it('blocks on a release that helm holds', async () => {
    const secrets = [
      {
        metadata: {
          name: 'sh.helm.release.v1.istiod.v2',
          namespace: 'istio-system',
          labels: { name: 'istiod', status: 'pending-upgrade' },
        },
      },
    ];
    await expect(
      look({ method: 'helm', objects: { secrets } }),
    ).resolves.toMatchObject([
      {
        severity: 'blocker',
        evidence: { observed: 'status pending-upgrade' },
        remedy: expect.stringContaining('helm rollback istiod -n istio-system'),
      },
    ]);
  });

  it('is undecided about a cluster that does not answer', async () => {
    await expect(
      look({
        client: {
          ...has({ deployments: [anIstiodDeployment()] }),
          list: () => {
            throw new Error('connect ECONNREFUSED');
          },
        },
      }),
    ).resolves.toMatchObject([{ severity: 'unknown', cluster: 'prod-eu' }]);
  });
});
