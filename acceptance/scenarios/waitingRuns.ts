import assert from 'node:assert/strict';
import type {
  RunEvent,
  RunView,
  UpgradePlan,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Answer, Product } from '../Product';
import type { Scenario, Step } from '../Scenario';
import type { UpgradeWorld } from '../World';
import { checkUntil } from './checks/reports';
import { ends, planUntil, runUntil } from './meshUpgrade/runs';

const SOON_MS = 8_000;

interface State {
  plan?: UpgradePlan;
  rejected?: RunView;
  run?: RunView;
  canary?: string;
}

/** An upgrade that somebody else has to agree to, at a time of its own, by a canary first; and restarts that wait for a window. */
export const waitingRuns: Scenario<State, UpgradeWorld> = {
  name: 'waiting-runs',
  title: 'Schedule an upgrade, have it approved, and see it wait for windows',
  fleet: 'upgrade',
  only: 'lab',
  start: () => ({}),
  steps: [
    step('a plan tells what its run would wait for', async (world, state) => {
      const { product, facts } = world;
      state.canary = facts.mesh.clusters.at(-1)!;
      // The catalog knows them all before it is interrupted.
      for (const person of ['ada', 'finn', 'olga'] as const) {
        await product.get(person, '/meshes');
      }
      await product.reconfigure({
        meshUpgrade: {
          upgrades: {
            approval: { kinds: ['mesh'], meshes: [facts.mesh.id] },
            canaryClusters: [state.canary],
            windows: [{ ...hoursFromNow(2), kinds: ['sidecars'] }],
          },
        },
      });
      const upgrade = upgradeOf(world);
      await checkUntil(product, upgrade, 'the checks to pass', r => r.passed);
      state.plan = await planUntil(product, upgrade, 'a plan', () => true);
      assert.deepEqual(
        state.plan.waitsFor?.map(({ kind }) => kind),
        ['approval'],
      );
    }),

    step('a rejected upgrade has changed nothing', async (world, state) => {
      const { product } = world;
      const { id } = await started(world, state.plan!);
      await runUntil(product, id, 'an approval', waitsFor('approval'));
      const answer = await product.call('olga', 'POST', `/runs/${id}/reject`, {
        reason: 'not before the holidays',
      });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      state.rejected = await product.runToItsEnd(id, 30_000);
      assert.equal(state.rejected.state, 'stopped');
      assert.match(state.rejected.message!, /olga: not before the holidays/);
      assert(state.rejected.steps.every(one => one.state === 'skipped'));
      const again = await planUntil(
        product,
        upgradeOf(world),
        'the same plan',
        () => true,
      );
      assert.equal(again.hash, state.plan!.hash);
    }),

    step('it is tried again at a time of its own', async (world, state) => {
      const { product, facts } = world;
      state.run = await started(world, state.plan!, {
        retryOf: state.rejected!.id,
        startAt: new Date(Date.now() + SOON_MS).toISOString(),
      });
      assert.equal(state.run.retryOf, state.rejected!.id);
      await runUntil(product, state.run.id, 'it', waitsFor('approval'));
      const mesh = await product.get('ada', `/meshes/${facts.mesh.id}`);
      assert.equal(mesh.status, 'running');
      assert.equal(mesh.activeRun.id, state.run.id);
      const second = await start(product, world, state.plan!);
      assert.equal(second.status, 409, JSON.stringify(second.body));
      assert.equal(second.body.error.runId, state.run.id);
    }),

    step('nobody approves an own run', async ({ product }, state) => {
      for (const person of ['ada', 'finn'] as const) {
        const path = `/runs/${state.run!.id}/approve`;
        const { status } = await product.call(person, 'POST', path);
        assert.equal(status, 403, person);
      }
    }),

    step('an approval outlives a kill of the backend', async (world, state) => {
      const { product } = world;
      const path = `/runs/${state.run!.id}/approve`;
      const answer = await product.call('olga', 'POST', path);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      await product.kill();
      await product.startAgain();
      const late = await product.call('olga', 'POST', path);
      assert.equal(late.status, 409, JSON.stringify(late.body));
    }),

    step('it begins in time, and by its canary', async (world, state) => {
      const { product } = world;
      const run = await ends(product, state.run!.id, 'succeeded');
      assert(Date.parse(run.startedAt!) >= Date.parse(run.startAt!));
      const proven = run.steps
        .filter(({ cluster }) => cluster === state.canary)
        .map(one => Date.parse(one.endedAt!));
      const others = run.steps
        .filter(({ cluster }) => cluster !== state.canary)
        .map(one => Date.parse(one.startedAt!));
      assert(others.length > 0);
      assert(Math.max(...proven) <= Math.min(...others));
      const { items } = await product.get<{ items: RunEvent[] }>(
        'ada',
        `/runs/${run.id}/events`,
      );
      assert.equal(items.filter(e => /^Approved by/.test(e.message)).length, 1);
    }),

    step('restarts wait for their window', async ({ product }) => {
      const { items } = await product.get(
        'ada',
        '/workloads?outdated=true&kind=Deployment&limit=50',
      );
      const chosen = items.find(
        (each: { method: { kind: string } }) => each.method.kind === 'restart',
      );
      const subject = { kind: 'sidecars', workloads: [chosen.id] };
      const plan = await product.call('ada', 'POST', '/plans', subject);
      assert.equal(plan.body.waitsFor[0]?.kind, 'window');
      const checks = await product.call('ada', 'POST', '/checks', subject);
      const run = await product.call('ada', 'POST', '/runs', {
        ...subject,
        planHash: plan.body.hash,
        consents: checks.body.consents,
      });
      assert.equal(run.status, 201, JSON.stringify(run.body));
      const { id } = run.body;
      const waiting = await runUntil(product, id, 'it', waitsFor('window'));
      assert(Date.parse(waiting.waitsFor!.until!) > Date.now());
      await product.call('ada', 'POST', `/runs/${id}/stop`);
      const stopped = await product.runToItsEnd(id, 30_000);
      assert.equal(stopped.startedAt, undefined);
      const { items: found } = await product.get(
        'ada',
        '/runs?state=stopped&kind=sidecars',
      );
      assert.deepEqual(
        found.map((one: RunView) => one.id),
        [id],
      );
    }),
  ],
};

function upgradeOf({ facts }: UpgradeWorld) {
  return { meshId: facts.mesh.id, target: facts.mesh.target };
}

function start(
  product: Product,
  world: UpgradeWorld,
  plan: UpgradePlan,
  more: object = {},
): Promise<Answer> {
  const { meshId, target } = upgradeOf(world);
  return product.call('ada', 'POST', '/runs', {
    kind: 'mesh',
    meshId,
    targetVersion: target,
    planHash: plan.hash,
    consents: [],
    ...more,
  });
}

async function started(
  world: UpgradeWorld,
  plan: UpgradePlan,
  more?: object,
): Promise<RunView> {
  const { status, body } = await start(world.product, world, plan, more);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

function waitsFor(kind: string) {
  return ({ waitsFor: wait }: RunView) => wait?.kind === kind;
}

/** A window of an hour, every day, that is closed now. */
function hoursFromNow(hours: number) {
  const at = (plus: number) =>
    `${String((new Date().getUTCHours() + plus) % 24).padStart(2, '0')}:00`;
  return {
    days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    from: at(hours),
    to: at(hours + 1),
    timeZone: 'UTC',
  };
}

function step(
  name: string,
  run: (world: UpgradeWorld, state: State) => Promise<void>,
): Step<State, UpgradeWorld> {
  return { name, run };
}
