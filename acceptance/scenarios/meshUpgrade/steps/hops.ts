import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../../scripts/lib/poll.mjs';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { checkUntil } from '../../checks/reports';
import {
  clusterOf,
  jobsOf,
  history,
  releases,
  valuesOf,
} from '../clusterState';
import { FIRST, NEXT, PAIR, SECOND, UNPUBLISHED } from '../facts';
import { ends, planUntil, runUntil, start, stepOf, tryStart } from '../runs';
import type { State } from '../State';
import { assertUpgraded } from './upgraded';

/** Long enough for a step to begin that should not. */
const QUIET_MS = 3_000;

/** Two hops over both clusters, with everything that may happen on the way. */
export const hops: Step<State, World>[] = [
  {
    name: 'a run that is paused in the middle finishes what is under way and begins nothing',
    async run(world, state) {
      const { product } = world;
      state.revisions = (await history(world, FIRST, 'istiod')).length;
      const { id } = await start(product, { meshId: PAIR, target: NEXT });
      await runUntil(product, id, 'a step to be under way', isAtWork);
      await command(world, id, 'pause');
      const quiet = await runUntil(
        product,
        id,
        'the run to rest',
        run => run.state === 'paused' && !isAtWork(run),
      );
      await sleep(QUIET_MS);
      state.run = await product.get<RunView>('ada', `/runs/${id}`);
      assert.deepEqual(statesOf(state.run), statesOf(quiet));
      assert.equal(stepOf(quiet, SECOND, 'istiod').state, 'pending');
      assert.deepEqual(await jobsOf(clusterOf(world, SECOND), id), []);
    },
  },
  {
    name: 'resumed it goes on; the backend is killed while helm is at work',
    async run(world, state) {
      const { product } = world;
      const { id } = state.run!;
      const cluster = clusterOf(world, FIRST);
      const begun = (await jobsOf(cluster, id)).length;
      await command(world, id, 'resume');
      await poll(
        async () => (await jobsOf(cluster, id)).length > begun || undefined,
        { timeoutMs: 30_000, intervalMs: 50, what: 'a Job of the next step' },
      );
      await product.kill();
      await product.startAgain();
    },
  },
  {
    name: 'it ends well: base before istiod, the second cluster after the first, one Job for each step',
    async run(world, state) {
      const run = await ends(world.product, state.run!.id, 'succeeded');
      const inOrder = [
        stepOf(run, FIRST, 'base'),
        stepOf(run, FIRST, 'istiod'),
        stepOf(run, SECOND, 'istiod'),
      ];
      inOrder.slice(1).forEach(({ title, cluster, startedAt }, index) => {
        const { endedAt } = inOrder[index];
        assert(
          Date.parse(endedAt!) <= Date.parse(startedAt!),
          `${title} on ${cluster} began at ${startedAt}, before ${endedAt}`,
        );
      });
      assert.equal((await jobsOf(clusterOf(world, FIRST), run.id)).length, 2);
      assert.equal((await jobsOf(clusterOf(world, SECOND), run.id)).length, 1);
      assert.equal(
        (await history(world, FIRST, 'istiod')).length,
        state.revisions! + 1,
      );
    },
  },
  {
    name: `both clusters are at ${NEXT} with all their settings`,
    run: (world, state) => assertHop(world, state, NEXT),
  },
  {
    name: 'the real istiod has proven that it injects and validates, and its validators lead to it',
    async run({ product }, state) {
      const run = await product.get<RunView>('ada', `/runs/${state.run!.id}`);
      for (const cluster of [FIRST, SECOND]) {
        for (const title of [
          'istiod: injection',
          'istiod: validation',
          'Validators and revision tags',
        ]) {
          const proof = run.steps.find(
            one => one.cluster === cluster && one.title === title,
          );
          assert.equal(proof?.state, 'succeeded', JSON.stringify(run.steps));
        }
      }
    },
  },
  {
    name: 'the next plan shows the values before and after, and how long such a run took',
    async run({ product }) {
      const plan = await planUntil(
        product,
        { meshId: PAIR, target: UNPUBLISHED },
        'a plan that knows usual durations',
        ({ usualSeconds }) => usualSeconds !== undefined,
      );
      const helm = plan.changes.filter(({ cluster }) => cluster === FIRST);
      assert.equal(helm.length, 2, JSON.stringify(plan.changes));
      for (const { object, yaml } of helm) {
        assert(yaml?.before?.includes(`\nversion: ${NEXT}\n`), object);
        assert.equal(
          yaml?.after,
          yaml?.before?.replace(`version: ${NEXT}`, `version: ${UNPUBLISHED}`),
        );
      }
      const operator = plan.changes.find(({ cluster }) => cluster === SECOND);
      assert(operator?.yaml?.after?.includes(`\n  tag: ${UNPUBLISHED}\n`));
      const upgrades = plan.steps!.filter(({ phase }) => phase === 'upgrade');
      assert(upgrades.length > 0, JSON.stringify(plan.steps));
    },
  },
  {
    name: 'a version whose Kubernetes is not published asks for consent, and does not start without it',
    async run({ product }) {
      const upgrade = { meshId: PAIR, target: UNPUBLISHED };
      const { findings, consents } = await checkUntil(
        product,
        upgrade,
        'a report that asks for consent to the Kubernetes of both clusters',
        report =>
          report.passed &&
          report.findings.filter(
            ({ check, severity }) =>
              check === 'kubernetes-version' && severity === 'consent',
          ).length === 2,
      );
      const asked = findings.filter(
        ({ check, id }) =>
          check === 'kubernetes-version' && consents.includes(id),
      );
      assert.deepEqual(
        asked.map(({ cluster }) => cluster),
        [FIRST, SECOND],
      );
      const [{ id, title }] = asked;
      const { status, body } = await tryStart(
        product,
        upgrade,
        consents.filter(one => one !== id),
      );
      assert.equal(status, 400, JSON.stringify(body));
      assert(
        body.error.message.includes(`${title} (${id})`),
        body.error.message,
      );
    },
  },
  {
    name: `with it both clusters come to ${UNPUBLISHED} with all their settings`,
    async run(world, state) {
      const upgrade = { meshId: PAIR, target: UNPUBLISHED };
      const { id } = await start(world.product, upgrade);
      await ends(world.product, id, 'succeeded');
      await assertHop(world, state, UNPUBLISHED);
      const { items } = await world.product.get('ada', `/runs/${id}/events`);
      const consented = items.filter(({ message }: { message: string }) =>
        /ada consented to: .* is not published/.test(message),
      );
      assert.equal(consented.length, 2, JSON.stringify(items));
    },
  },
];

async function assertHop(
  world: World,
  state: State,
  version: string,
): Promise<void> {
  assert.deepEqual(await releases(world, FIRST), [
    `base-${version}`,
    `istiod-${version}`,
  ]);
  assert.deepEqual(await valuesOf(world, FIRST, 'istiod'), state.values);
  await assertUpgraded(world, state, version);
}

async function command(
  { product }: World,
  id: string,
  word: 'pause' | 'resume',
): Promise<void> {
  const { status, body } = await product.call(
    ...(['ada', 'POST', `/runs/${id}/${word}`] as const),
  );
  assert.equal(status, 200, JSON.stringify(body));
}

/** Something is being changed; counting proxies before that does not count. */
function isAtWork({ steps }: RunView): boolean {
  return steps.some(
    ({ state, title }) =>
      state === 'running' && !title.endsWith('connected proxies before'),
  );
}

function statesOf({ steps }: RunView): string[] {
  return steps.map(({ title, state }) => `${title} ${state}`);
}
