import type { KubernetesClient } from '../../clusters/types';
import { KubernetesError } from '../../clusters/KubernetesError';
import type { ImageAnswer } from '../../versions/types';
import {
  findingsOf,
  nodeObject,
  runningPod,
  type RestartScene,
} from './__testUtils__/restartScene';
import { HOT_RESTART_LABEL, PREPARED_LABEL } from './hotConditions';
import { hotUpgradeConditions } from './hot-upgrade-conditions';

const PREPARED = { [PREPARED_LABEL]: 'v1', [HOT_RESTART_LABEL]: '11.104' };

function imagesWith(labels: (version: string) => Record<string, string>) {
  return async (_: string, version: string): Promise<ImageAnswer[]> => [
    {
      component: 'proxyv2',
      image: `r/proxyv2:${version}`,
      state: 'present',
      platforms: ['linux/amd64'],
      labels: labels(version),
      source: 'r',
    },
  ];
}

/** A pod that is fit for a hot upgrade. */
function fitPod(proxy: object = {}, spec: object = {}, annotations = {}) {
  return {
    metadata: { name: 'cart-1', namespace: 'shop', annotations },
    spec: {
      containers: [
        {
          name: 'istio-proxy',
          volumeMounts: [
            { name: 'istio-data', mountPath: '/var/lib/istio/data' },
          ],
          ...proxy,
        },
      ],
      ...spec,
    },
  };
}

function clientWith(more: Partial<KubernetesClient> = {}) {
  return {
    serves: async () => true,
    // The answer holds the container that is tried.
    patch: jest.fn(async () =>
      fitPod({}, { ephemeralContainers: [{ name: 'istio-hu-trial' }] }),
    ) as any,
    ...more,
  };
}

/** What is said of each condition. */
async function conditions(
  scene: RestartScene = {},
  labels: (version: string) => Record<string, string> = () => PREPARED,
) {
  const findings = await findingsOf(
    hotUpgradeConditions({ proxyImages: imagesWith(labels) }),
    {
      ...scene,
      workload: {
        meshId: 'shop',
        versions: [{ version: '1.30.2', pods: 2 }],
        ...scene.workload,
      },
      client: clientWith(scene.client),
    },
  );
  // Whatever is found, the restart stays possible.
  expect(new Set(findings.map(({ severity }) => severity))).toEqual(
    new Set(['info']),
  );
  const [method, ...rows] = findings;
  return {
    'Restart upgrade will be used': method.evidence.observed,
    ...Object.fromEntries(rows.map(({ title }) => title.split(': '))),
  };
}

const ALL = {
  'Restart upgrade will be used':
    'Every condition is met, but hot upgrades cannot be carried out from here yet',
  'Prepared proxy': 'met',
  'Kubernetes version': 'met',
  'Ephemeral containers': 'met',
  'Hot restart of Envoy': 'met',
  'Distance of the versions': 'met',
  'Right to add containers': 'met',
  'Trial on a pod': 'met',
  'Staging volume': 'met',
  'Memory for two Envoys': 'met',
  'Redirection of traffic': 'met',
  'Earlier hot upgrades': 'met',
};

describe('hotUpgradeConditions', () => {
  it('are all decided for a workload that could be upgraded without a restart', async () => {
    expect(await conditions()).toEqual(ALL);
  });

  it('take the suffix of a vendor for a prepared family', async () => {
    const mspider = {
      desiredVersion: '1.30.3-mspider',
      versions: [{ version: '1.30.2-mspider', pods: 2 }],
    };
    expect(await conditions({ workload: mspider }, () => ({}))).toMatchObject({
      'Prepared proxy': 'met',
      'Hot restart of Envoy': 'not known',
    });
    // The running proxy is what has to be prepared: it is replaced by itself.
    expect(
      await conditions(
        {
          workload: { ...mspider, versions: [{ version: '1.30.2', pods: 2 }] },
        },
        () => ({}),
      ),
    ).toMatchObject({ 'Prepared proxy': 'not met' });
  });

  it.each<[string, RestartScene, object]>([
    [
      'Kubernetes is too old',
      {
        client: {
          version: async () => ({
            gitVersion: 'v1.22.9',
            major: '1',
            minor: '22',
          }),
        },
      },
      { 'Kubernetes version': 'not met' },
    ],
    [
      'a kubelet under the pods is too old',
      {
        objects: {
          nodes: [
            nodeObject('node-1', { kubelet: 'v1.22.1' }),
            nodeObject('node-2'),
          ],
        },
      },
      { 'Kubernetes version': 'not met' },
    ],
    [
      'the nodes may not be read',
      {
        client: {
          list: () => {
            throw new Error('nodes is forbidden');
          },
        },
      },
      {
        'Restart upgrade will be used': 'Kubernetes version: not known',
        'Kubernetes version': 'not known',
      },
    ],
    [
      'ephemeral containers are off',
      { client: { serves: async () => false } },
      { 'Ephemeral containers': 'not met' },
    ],
    [
      'the new version is too far away',
      { workload: { desiredVersion: '1.32.0' } },
      { 'Distance of the versions': 'not met' },
    ],
    [
      'the new version is lower',
      { workload: { desiredVersion: '1.30.1' } },
      { 'Distance of the versions': 'not met' },
    ],
    [
      'the right is missing',
      { client: { accessReview: async () => ({ allowed: false }) } },
      { 'Right to add containers': 'not met' },
    ],
    [
      'no pod is ready',
      { workload: { podList: [runningPod({ ready: false })] } },
      { 'Trial on a pod': 'not known' },
    ],
    [
      'the proxy has too little memory',
      {
        client: {
          patch: async () =>
            fitPod({ resources: { limits: { memory: '128Mi' } } }) as any,
        },
      },
      { 'Memory for two Envoys': 'not met' },
    ],
    [
      'the staging volume is missing',
      { client: { patch: async () => fitPod({ volumeMounts: [] }) as any } },
      { 'Staging volume': 'not met' },
    ],
    [
      'traffic is redirected by TPROXY',
      {
        client: {
          patch: async () =>
            fitPod(
              {},
              {},
              { 'sidecar.istio.io/interceptionMode': 'TPROXY' },
            ) as any,
        },
      },
      { 'Redirection of traffic': 'not met' },
    ],
    [
      'the pod was upgraded often',
      {
        client: {
          patch: async () =>
            fitPod(
              {},
              {
                ephemeralContainers: [1, 2, 3, 4, 5].map(each => ({
                  name: `istio-hu-0a1b2c3d-${each}`,
                })),
              },
            ) as any,
        },
      },
      { 'Earlier hot upgrades': 'not met' },
    ],
  ])('tell that %s', async (_, scene, expected) => {
    expect(await conditions(scene)).toMatchObject(expected);
  });

  it('tell that the hot restart versions differ', async () => {
    const found = await conditions({}, version => ({
      ...PREPARED,
      [HOT_RESTART_LABEL]: version === '1.30.3' ? '12.1' : '11.104',
    }));
    expect(found).toMatchObject({ 'Hot restart of Envoy': 'not met' });
  });

  it('ask no pod once a condition fails, and one pod at most', async () => {
    const patch = jest.fn(async () => fitPod());
    await conditions({ client: { patch: patch as any } });
    expect(patch).toHaveBeenCalledTimes(1);
    expect(patch.mock.calls[0]).toMatchObject([
      { subresource: 'ephemeralcontainers', name: 'cart-1' },
      'strategic',
      {},
      { dryRun: true },
    ]);
    patch.mockClear();
    const found = await conditions(
      { client: { patch: patch as any } },
      () => ({}),
    );
    expect(found).toEqual({
      'Restart upgrade will be used': 'Prepared proxy: not met',
      'Prepared proxy': 'not met',
      'Kubernetes version': 'met',
      'Ephemeral containers': 'met',
    });
    expect(patch).not.toHaveBeenCalled();
  });

  it('tell a refusal in the words of the server', async () => {
    const serverMessage =
      'pods "cart-1" is forbidden: violates PodSecurity "restricted:latest"';
    const findings = await findingsOf(
      hotUpgradeConditions({ proxyImages: imagesWith(() => PREPARED) }),
      {
        workload: {
          meshId: 'shop',
          versions: [{ version: '1.30.2', pods: 2 }],
        },
        client: clientWith({
          patch: async () => {
            throw new KubernetesError({
              cluster: 'prod-eu',
              action: 'patch pods/ephemeralcontainers shop/cart-1',
              status: 403,
              serverMessage,
            });
          },
        }),
      },
    );
    expect(findings.at(-1)).toMatchObject({
      title: expect.stringContaining('Trial on a pod: not met'),
      evidence: { observed: expect.stringContaining(serverMessage) },
    });
  });
});
