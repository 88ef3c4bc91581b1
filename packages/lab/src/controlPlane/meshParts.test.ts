import type {
  DaemonSet,
  Deployment,
  Istio,
  Job,
  Pod,
} from '../kubernetes/types';
import { startLab, type Lab } from '../startLab';
import { clientOf, eventually } from '../testing/labClient';

/** What belongs to a mesh besides its istiod. */
describe('parts of a mesh', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterEach(() => lab.stop());

  const tagOf = (object: DaemonSet | Deployment) =>
    object.spec.template.spec.containers[0].image.split(':').pop();

  async function run(cluster: string, command: string[]) {
    const client = clientOf(lab, cluster);
    const jobs = '/apis/batch/v1/namespaces/istio-system/jobs';
    await client.request('POST', jobs, {
      metadata: {
        name: 'upgrade',
        labels: { 'app.kubernetes.io/managed-by': 'mesh-upgrade' },
      },
      spec: {
        template: {
          spec: { containers: [{ name: 'run', image: 'tools:1', command }] },
        },
      },
    });
    await eventually(
      async () => (await client.get<Job>(`${jobs}/upgrade`)).body,
      ({ status }) => (status?.succeeded ?? 0) > 0,
    );
  }

  it.each([
    ['istiocnis', 'istio-cni', 'istio-cni-node'],
    ['ztunnels', 'ztunnel', 'ztunnel'],
  ])(
    'of Sail follow their object: %s',
    async (plural, namespace, daemonSet) => {
      const client = clientOf(lab, 'prod-us');
      const path = `/apis/sailoperator.io/v1/${plural}/default`;
      const state = async () =>
        (await client.get<Istio>(path)).body.status?.state;
      expect(await state()).toBe('Healthy');
      await client.patch(path, { spec: { version: 'v1.30.3' } });
      await eventually(state, now => now === 'DaemonSetNotReady');
      await eventually(state, now => now === 'Healthy');
      const set = await eventually(
        async () =>
          (
            await client.get<DaemonSet>(
              `/apis/apps/v1/namespaces/${namespace}/daemonsets/${daemonSet}`,
            )
          ).body,
        ({ status }) => status?.updatedNumberScheduled === 3,
      );
      expect(tagOf(set)).toBe('1.30.3');

      await client.patch(path, { spec: { version: 'v1.27.0' } });
      await eventually(state, now => now === 'ReconcileError');
    },
  );

  it('are installed by Helm and renewed by istioctl', async () => {
    const daemonSet = '/apis/apps/v1/namespaces/istio-system/daemonsets';
    await run('payments', [
      'helm',
      'upgrade',
      '--install',
      'istio-cni',
      'charts/cni',
      '--version',
      '1.30.2',
      '--namespace',
      'istio-system',
    ]);
    const cni = await clientOf(lab, 'payments').get<DaemonSet>(
      `${daemonSet}/istio-cni-node`,
    );
    expect(tagOf(cni.body)).toBe('1.30.2');
    expect(cni.body.metadata.annotations).toMatchObject({
      'meta.helm.sh/release-name': 'istio-cni',
    });

    await run('staging', ['istioctl', 'upgrade', '-y', '--set', 'tag=1.30.3']);
    const client = clientOf(lab, 'staging');
    const ztunnel = await client.get<DaemonSet>(`${daemonSet}/ztunnel`);
    expect(tagOf(ztunnel.body)).toBe('1.30.3');
    const istiod = await client.get<Deployment>(
      '/apis/apps/v1/namespaces/istio-system/deployments/istiod',
    );
    expect(tagOf(istiod.body)).toBe('1.30.3');
    expect(istiod.body.metadata.annotations).not.toHaveProperty(
      'meta.helm.sh/release-name',
    );
  });

  it('of the Gateway API are rolled by istiod, and made for a new Gateway', async () => {
    const client = clientOf(lab, 'prod-us');
    await client.patch('/apis/sailoperator.io/v1/istios/default', {
      spec: { version: 'v1.30.3' },
    });
    const deployment = (name: string) =>
      eventually(
        async () =>
          (
            await client.get<Deployment>(
              `/apis/apps/v1/namespaces/assistant/deployments/${name}`,
            )
          ).body,
        ({ spec, status }) =>
          spec?.template.spec.containers[0].image.endsWith(':1.30.3') &&
          status?.availableReplicas === 1 &&
          status.updatedReplicas === 1,
      );
    expect(tagOf(await deployment('waypoint'))).toBe('1.30.3');
    await client.request(
      'POST',
      '/apis/gateway.networking.k8s.io/v1/namespaces/assistant/gateways',
      {
        metadata: { name: 'voice' },
        spec: { gatewayClassName: 'istio', listeners: [] },
      },
    );
    const made = await deployment('voice-istio');
    expect(made.metadata.ownerReferences?.[0]).toMatchObject({
      kind: 'Gateway',
      name: 'voice',
    });
  });

  it('mark the pods that a ztunnel serves, and an istiod without a tag tells its version', async () => {
    const ambient = await clientOf(lab, 'prod-us').list<Pod>(
      '/api/v1/namespaces/assistant/pods',
    );
    const isServed = ({ metadata }: Pod) =>
      metadata.annotations?.['ambient.istio.io/redirection'] === 'enabled';
    expect(ambient.filter(isServed)).toHaveLength(3);
    expect(
      ambient
        .filter(pod => !isServed(pod))
        .map(({ metadata }) => metadata.labels?.app ?? metadata.name),
    ).toEqual([expect.stringMatching(/^waypoint-/)]);

    const client = clientOf(lab, 'staging');
    const [istiod] = await client.list<Pod>(
      '/api/v1/namespaces/istio-system/pods?labelSelector=istio.io/rev=1-30-3',
    );
    expect(istiod.spec.containers[0].image).toMatch(/pilot@sha256:/);
    const address = `/api/v1/namespaces/istio-system/pods/${istiod.metadata.name}`;
    const told = await client.get<string>(`${address}:15014/proxy/version`);
    expect(told.body).toMatch(/^1\.30\.3-/);
    expect((await client.get(`${address}:8080/proxy/version`)).status).toBe(
      503,
    );
  });
});
