import assert from 'node:assert/strict';
import type { ClusterAccess } from '../../../ClusterAccess';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { create } from '../fleet/create';
import { DEPLOYMENT, workload } from '../fleet/objects';
import type { ExpectedWorkload } from '../reader/expectWorkloads';
import type { KubeObject } from '../reader/types';
import { allWorkloads } from '../shown';
import { workloadsAgree } from './workloads';

/** Every step works on one Deployment of the world. */
interface Chosen {
  cluster: ClusterAccess;
  id: string;
  namespace: string;
  /** Address of the Deployment. */
  path: string;
}

/** What people do to a cluster is seen in a moment, without a restart or a reload. */
export const changeSteps: Step<object>[] = [
  {
    name: 'a Deployment that is scaled shows its new pods',
    async run(world) {
      const chosen = await choose(world);
      const { replicas } = (await chosen.cluster.get<KubeObject>(chosen.path))
        .spec!;
      await chosen.cluster.patch(chosen.path, {
        spec: { replicas: replicas + 2 },
      });
      const now = await becomes(
        world,
        chosen,
        ({ pods }) => pods.total === replicas + 2,
      );
      assert.equal(now.podList.length, replicas + 2);
    },
  },
  {
    name: 'a pod that is deleted makes room for another',
    async run(world) {
      const chosen = await choose(world);
      const before = await current(world, chosen);
      const [pod] = before.podList;
      await chosen.cluster.delete(
        `/api/v1/namespaces/${chosen.namespace}/pods/${pod.name}`,
      );
      await becomes(
        world,
        chosen,
        ({ podList }) =>
          podList.length === before.podList.length &&
          podList.every(({ uid }) => uid !== pod.uid),
      );
    },
  },
  {
    name: 'a new image of the application brings new pods, with the sidecar of now',
    async run(world) {
      const chosen = await choose(world, ({ outdated }) => outdated);
      const before = await current(world, chosen);
      const { spec } = await chosen.cluster.get<KubeObject>(chosen.path);
      const [first, ...rest] = spec!.template.spec.containers;
      await chosen.cluster.patch(chosen.path, {
        spec: {
          template: {
            spec: {
              containers: [
                { ...first, image: 'example.com/next:2.0.0' },
                ...rest,
              ],
            },
          },
        },
      });
      const now = await becomes(
        world,
        chosen,
        ({ outdated, podList }) =>
          !outdated && podList.length === before.podList.length,
      );
      const former = new Set(before.podList.map(({ uid }) => uid));
      assert(now.podList.every(({ uid }) => !former.has(uid)));
    },
  },
  {
    name: 'a namespace that is relabelled changes what a restart would do to all in it',
    async run(world) {
      const chosen = await choose(world);
      const path = `/api/v1/namespaces/${chosen.namespace}`;
      const { labels } = (await chosen.cluster.get<KubeObject>(path)).metadata;
      const label = (changed: object) =>
        chosen.cluster.patch(path, { metadata: { labels: changed } });
      await label({ 'istio-injection': 'disabled', 'istio.io/rev': null });
      await becomes(
        world,
        chosen,
        ({ status, revision }) =>
          status === 'pendingRestart' && revision === undefined,
      );
      await label({ 'istio-injection': null, ...labels });
      await becomes(world, chosen, ({ revision }) => revision !== undefined);
    },
  },
  {
    name: 'what is created appears, what is removed is gone',
    async run(world) {
      const { cluster, namespace } = await choose(world);
      const [created] = await create(
        cluster,
        workload(DEPLOYMENT, `${namespace}/newcomer`),
      );
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      const newcomer = {
        cluster,
        namespace,
        id: `${cluster.name}/${namespace}/Deployment/newcomer`,
        path: `${path}/${created.metadata.name}`,
      };
      await becomes(world, newcomer, ({ pods }) => pods.ready === 1);
      await cluster.delete(newcomer.path);
      const left = await workloadsAgree(world, cluster.name);
      assert(!left.has(newcomer.id));
    },
  },
];

/** A Deployment with sidecars that can be restarted, and for which that holds. */
export async function choose(
  { product, clusters }: World,
  suits: (one: { outdated: boolean; cluster: string }) => boolean = () => true,
): Promise<Chosen> {
  const { items } = await allWorkloads(product, [
    ['kind', 'Deployment'],
    ['status', 'injected'],
    ['sort', '-pods'],
  ]);
  const found = items.find(
    one =>
      one.method.kind === 'restart' &&
      one.pods.total > 0 &&
      one.pods.ready === one.pods.total &&
      suits(one),
  );
  assert(found, 'no Deployment suits');
  const { id, namespace, name } = found;
  return {
    id,
    namespace,
    cluster: clusters.find(one => one.name === found.cluster)!,
    path: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  };
}

/** Waits until the cluster itself is so, and the product says the same. */
async function becomes(
  world: World,
  { cluster, id }: Chosen,
  isSo: (workload: ExpectedWorkload) => boolean,
): Promise<ExpectedWorkload> {
  const seen = await workloadsAgree(world, cluster.name, table => {
    const workload = table.get(id) as ExpectedWorkload | undefined;
    return workload !== undefined && isSo(workload);
  });
  return seen.get(id) as ExpectedWorkload;
}

async function current(
  world: World,
  { cluster, id }: Chosen,
): Promise<ExpectedWorkload> {
  return (await workloadsAgree(world, cluster.name)).get(
    id,
  ) as ExpectedWorkload;
}
