import assert from 'node:assert/strict';
import type { ClusterView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../../scripts/lib/poll.mjs';
import type { Product } from '../../../Product';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { allWorkloads } from '../shown';
import { choose } from './changes';
import { workloadsAgree } from './workloads';

const PATIENCE_MS = 90_000;

interface State {
  lost?: string;
  since?: string;
}

/** A cluster that is gone takes nothing along: not what was known of it, and no other cluster. */
export const outageSteps: Step<State>[] = [
  {
    name: 'a cluster that is gone keeps what was known of it, with its age and the reason',
    async run(world, state) {
      const { product, clusters, cut } = world;
      const lost = clusters[clusters.length - 1].name;
      const before = await shownOf(product, lost);
      assert(before.length > 0, `nothing is known of ${lost}`);
      await cut(lost);
      const cluster = await healthBecomes(product, lost, ['unreachable']);
      assert(cluster.health.reason, 'no reason is given');
      assert(cluster.observedAt, 'no age is given');
      assert.deepEqual(await shownOf(product, lost), before);
      Object.assign(state, { lost, since: cluster.observedAt });
    },
  },
  {
    name: 'other clusters go on meanwhile, and the age of the lost one only grows',
    async run(world, { lost, since }) {
      await stretch(world, ({ cluster }) => cluster !== lost);
      const clusters = await clustersOf(world.product);
      clusters.forEach(({ name, health, observedAt }) => {
        if (name === lost) {
          assert.equal(observedAt, since);
        } else {
          assert.equal(health.state, 'healthy', `${name}: ${health.reason}`);
        }
      });
    },
  },
  {
    name: 'when it is there again it is followed again by itself',
    async run(world, { lost, since }) {
      await world.mend(lost!);
      const { observedAt } = await healthBecomes(world.product, lost!, [
        'healthy',
      ]);
      assert(observedAt! > since!, `still of ${since}`);
      await stretch(world, ({ cluster }) => cluster === lost);
    },
  },
];

/** Changes a workload of a cluster and waits until that is seen. */
async function stretch(
  world: World,
  suits: (workload: { cluster: string }) => boolean,
): Promise<void> {
  const { cluster, path, id } = await choose(world, suits);
  const { spec } = await cluster.get<{ spec: { replicas: number } }>(path);
  const replicas = spec.replicas + 1;
  await cluster.patch(path, { spec: { replicas } });
  await workloadsAgree(
    world,
    cluster.name,
    table =>
      (table.get(id) as { podList: unknown[] }).podList.length === replicas,
  );
}

/** Waits until the product judges a cluster so. */
export function healthBecomes(
  product: Product,
  name: string,
  states: string[],
): Promise<ClusterView> {
  let last: ClusterView | undefined;
  return poll(
    async () => {
      last = (await clustersOf(product)).find(one => one.name === name);
      return last && states.includes(last.health.state) ? last : undefined;
    },
    {
      timeoutMs: PATIENCE_MS,
      intervalMs: 300,
      what: `cluster ${name} to be ${states.join(' or ')}`,
      last: () => JSON.stringify(last?.health),
    },
  );
}

export async function clustersOf(product: Product): Promise<ClusterView[]> {
  return (await product.get('ada', '/clusters')).items;
}

/** Everything shown of a cluster. */
export async function shownOf(product: Product, cluster: string) {
  return (await allWorkloads(product, [['cluster', cluster]])).items;
}
