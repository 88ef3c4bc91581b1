import type { Pod, ReplicaOwner } from '../kubernetes/types';
import { startLab, type Lab } from '../startLab';
import { clientOf, eventually } from '../testing/labClient';

/** The tags of the proxies in the live pods of a workload. */
function proxiesOf(pods: Pod[]): string[] {
  return pods
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers])
    .filter(({ name }) => name === 'istio-proxy')
    .map(({ image }) => image.split(':').pop()!);
}

describe('controllers of the rarer kinds', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterEach(() => lab.stop());

  const podsOf = (cluster: string, namespace: string, name: string) =>
    clientOf(lab, cluster).list<Pod>(
      `/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io/name=${name}`,
    );

  it.each([
    {
      kind: 'DeploymentConfig',
      cluster: 'payments',
      namespace: 'chargebacks',
      path: '/apis/apps.openshift.io/v1/namespaces/chargebacks/deploymentconfigs',
      name: 'chargeback-files',
      before: '1.29.4',
      after: '1.30.2',
    },
    {
      kind: 'CloneSet',
      cluster: 'edge',
      namespace: 'field-service',
      path: '/apis/apps.kruise.io/v1alpha1/namespaces/field-service/clonesets',
      name: 'technician-app',
      before: '1.28.6-mspider',
      after: '1.29.4-mspider',
    },
    {
      kind: 'Rollout',
      cluster: 'staging',
      namespace: 'storefront-staging',
      path: '/apis/argoproj.io/v1alpha1/namespaces/storefront-staging/rollouts',
      name: 'search',
      before: '1.29.4',
      after: '1.30.3',
    },
  ])(
    'replace the pods of a $kind when its template changes',
    async ({ cluster, namespace, path, name, before, after }) => {
      const client = clientOf(lab, cluster);
      const old = await podsOf(cluster, namespace, name);
      expect(new Set(proxiesOf(old))).toEqual(new Set([before]));
      if (cluster === 'staging') {
        await client.patch(`/api/v1/namespaces/${namespace}`, {
          metadata: {
            labels: { 'istio-injection': null, 'istio.io/rev': 'next' },
          },
        });
      }
      await client.patch(`${path}/${name}`, {
        spec: { template: { metadata: { annotations: { restarted: 'now' } } } },
      });
      const fresh = await eventually(
        () => podsOf(cluster, namespace, name),
        pods =>
          pods.length === old.length &&
          proxiesOf(pods).every(tag => tag === after),
      );
      expect(fresh).toHaveLength(old.length);
      const settled = await eventually(
        async () => (await client.get<ReplicaOwner>(`${path}/${name}`)).body,
        ({ status }) => status?.readyReplicas === old.length,
      );
      expect(settled.status).toMatchObject({
        replicas: old.length,
        updatedReplicas: old.length,
      });
    },
  );

  it('restarts a Rollout at a time, without a new ReplicaSet', async () => {
    const client = clientOf(lab, 'prod-us');
    const path =
      '/apis/argoproj.io/v1alpha1/namespaces/promotions/rollouts/vouchers';
    const old = await podsOf('prod-us', 'promotions', 'vouchers');
    const restartAt = new Date().toISOString();
    await client.patch(path, { spec: { restartAt } });
    await eventually(
      () => podsOf('prod-us', 'promotions', 'vouchers'),
      pods =>
        pods.length === old.length &&
        pods.every(
          ({ metadata }) =>
            !old.some(({ metadata: { uid } }) => uid === metadata.uid),
        ),
    );
    const rollout = await eventually(
      async () => (await client.get<ReplicaOwner>(path)).body,
      ({ status }) =>
        status?.restartedAt === restartAt && status.phase === 'Healthy',
    );
    expect(rollout.status?.readyReplicas).toBe(old.length);
    const sets = await client.list(
      '/apis/apps/v1/namespaces/promotions/replicasets',
    );
    expect(
      sets.filter(({ metadata }) => metadata.name.startsWith('vouchers-')),
    ).toHaveLength(1);
  });

  it('keeps the pods of a ReplicationController, but not those of a bare Pod', async () => {
    const lost = async (cluster: string, namespace: string, name: string) => {
      const [pod] = await podsOf(cluster, namespace, name);
      await clientOf(lab, cluster).request(
        'DELETE',
        `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`,
      );
      return pod.metadata.uid;
    };
    const controlled = await lost('payments', 'chargebacks', 'bank-holidays');
    const again = await eventually(
      () => podsOf('payments', 'chargebacks', 'bank-holidays'),
      pods => pods.length === 1 && pods[0].metadata.uid !== controlled,
    );
    expect(proxiesOf(again)).toEqual(['1.30.2']);
    await lost('staging', 'storefront-staging', 'catalog-import');
    await eventually(
      () => podsOf('staging', 'storefront-staging', 'catalog-import'),
      pods => pods.length === 0,
    );
  });
});
