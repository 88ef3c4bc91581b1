import assert from 'node:assert/strict';
import type {
  WorkloadDetail,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../../scripts/lib/poll.mjs';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import type { Table } from '../agree';
import type { ExpectedWorkload } from '../reader/expectWorkloads';
import { allWorkloads } from '../shown';
import { choose } from './changes';
import { clustersOf, healthBecomes, shownOf } from './outage';
import { workloadsAgree } from './workloads';

const PATIENCE_MS = 45_000;
const HOUR_MS = 3_600_000;
/** Long enough for a busy machine, and far from an hour. */
const NEAR_MS = 120_000;

/** The cluster that has the faults, while the others go on: one of the lab's, with one control plane. */
const FAULTY = 'edge';

/** Ways in which an API server can be wrong, with the health that follows and a word of the reason. */
const FAULTS: [string, object, string[], RegExp][] = [
  [
    'answers 429',
    { errorRate: { rate: 1, status: 429 } },
    ['unreachable'],
    /429|too many/i,
  ],
  [
    'answers 500',
    { errorRate: { rate: 1, status: 500 } },
    ['unreachable'],
    /500|internal/i,
  ],
  [
    'answers with a page',
    { brokenBodies: 'html' },
    ['unreachable'],
    /cannot be read: .*log in/i,
  ],
  [
    'answers half a document',
    { brokenBodies: 'half' },
    ['unreachable'],
    /cannot be read: .*JSON/i,
  ],
  [
    'finds the token expired',
    { expiredToken: true },
    ['unauthorized'],
    /401|unauthorized/i,
  ],
];

const INJECTOR =
  '/api/v1/namespaces/istio-system/configmaps/istio-sidecar-injector';

/** Trouble that only a simulated cluster makes on demand. */
export const faultSteps: Step<object>[] = [
  ...FAULTS.map(([what, knobs, states, reason]) =>
    onFaults(
      `a cluster that ${what} says so and keeps its data`,
      async world => {
        const before = await shownOf(world.product, FAULTY);
        assert(before.length > 0, `nothing is known of ${FAULTY}`);
        // What is being watched would go on without noticing.
        await world.faults!.set(FAULTY, { ...knobs, dropWatchesAfterMs: 50 });
        const { health, observedAt } = await healthBecomes(
          world.product,
          FAULTY,
          states,
        );
        assert.match(health.reason ?? '', reason);
        assert(observedAt, 'no age is given');
        assert.deepEqual(await shownOf(world.product, FAULTY), before);
        await othersAreHealthy(world, FAULTY);
        await world.faults!.clear();
        await healthBecomes(world.product, FAULTY, ['healthy']);
        await workloadsAgree(world, FAULTY);
      },
    ),
  ),
  onFaults(
    'a clock that is off by an hour changes no age and hides no change',
    async world => {
      for (const clockSkewMs of [HOUR_MS, -HOUR_MS]) {
        await world.faults!.set(FAULTY, { clockSkewMs });
        const chosen = await choose(world, ({ cluster }) => cluster === FAULTY);
        const before = (await shownPods(world, chosen.id)).map(
          ({ name }) => name,
        );
        await chosen.cluster.delete(
          `/api/v1/namespaces/${chosen.namespace}/pods/${before[0]}`,
        );
        const newcomers = (table: Table) =>
          podsOf(table, chosen.id).filter(({ name }) => !before.includes(name));
        const seen = await workloadsAgree(
          world,
          FAULTY,
          table => newcomers(table).length > 0,
        );
        newcomers(seen).forEach(({ createdAt }) =>
          assertAround(Date.parse(createdAt!), Date.now() + clockSkewMs),
        );
        const { observedAt } = await healthBecomes(world.product, FAULTY, [
          'healthy',
        ]);
        assertAround(Date.parse(observedAt!), Date.now());
      }
      await world.faults!.clear();
    },
  ),
  onFaults(
    'a cluster that is down when the product starts is shown as it was last',
    async world => {
      const before = await shownOf(world.product, FAULTY);
      await world.product.kill();
      await world.faults!.set(FAULTY, { unreachable: true });
      await world.product.startAgain();
      await healthBecomes(world.product, FAULTY, ['unreachable']);
      assert.deepEqual(await shownOf(world.product, FAULTY), before);
      await everyOtherBecomesHealthy(world, FAULTY);
      await world.faults!.clear();
      await healthBecomes(world.product, FAULTY, ['healthy']);
    },
  ),
  onFaults(
    'without a configuration of the injector the desired version is unknown, with the reason',
    async world => {
      const cluster = world.clusters.find(one => one.name === FAULTY)!;
      const config = await cluster.get<{
        metadata: Record<string, unknown>;
        data: Record<string, string>;
      }>(INJECTOR);
      await cluster.patch(INJECTOR, { data: { values: '{"global": {' } });
      await desiredIsUnknown(world, FAULTY);
      await cluster.delete(INJECTOR);
      await desiredIsUnknown(world, FAULTY);
      const { resourceVersion: _, uid: __, ...metadata } = config.metadata;
      await cluster.post(INJECTOR.replace(/\/[^/]+$/, ''), {
        ...config,
        metadata,
      });
      await workloadsAgree(world, FAULTY);
    },
  ),
];

async function shownPods({ product }: World, id: string) {
  const detail = await product.get<WorkloadDetail>('ada', `/workloads/${id}`);
  return detail.podList;
}

function podsOf(table: Table, id: string) {
  return (table.get(id) as ExpectedWorkload).podList;
}

function assertAround(time: number, expected: number): void {
  assert(
    Math.abs(time - expected) < NEAR_MS,
    `${new Date(time).toISOString()} is not near ${new Date(
      expected,
    ).toISOString()}`,
  );
}

function onFaults(name: string, run: Step<object>['run']): Step<object> {
  return { name, on: ({ faults }) => faults !== undefined, run };
}

async function othersAreHealthy({ product }: World, but: string) {
  for (const { name, health } of await clustersOf(product)) {
    assert(
      name === but || health.state === 'healthy',
      `${name} is ${health.state}: ${health.reason}`,
    );
  }
}

async function everyOtherBecomesHealthy(
  { product, clusters }: World,
  but: string,
) {
  for (const { name } of clusters.filter(one => one.name !== but)) {
    await healthBecomes(product, name, ['healthy']);
  }
}

/** Nobody is told a version, and who could be restarted is told why not. */
function desiredIsUnknown({ product }: World, cluster: string) {
  let told: WorkloadView[] = [];
  return poll(
    async () => {
      const { items } = await allWorkloads(product, [['cluster', cluster]]);
      told = items.filter(
        ({ desiredVersion, outdated }) => desiredVersion || outdated,
      );
      const reasons = items.flatMap(({ method }) => method.blockers);
      return (
        (told.length === 0 &&
          reasons.some(one => /version .* unknown: \S/.test(one))) ||
        undefined
      );
    },
    {
      timeoutMs: PATIENCE_MS,
      intervalMs: 300,
      what: `no desired version on ${cluster}`,
      last: () => told.map(({ id }) => id).join(', '),
    },
  );
}
