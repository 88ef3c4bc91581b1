import assert from 'node:assert/strict';
import type {
  CheckReport,
  ClusterView,
  MeshView,
  RunView,
  TargetVersions,
  UpgradePlan,
  UpgradeSubject,
  WorkloadPage,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../scripts/lib/poll.mjs';
import type { Person } from '../Product';
import type { Scenario, Step } from '../Scenario';
import type { UpgradeWorld } from '../World';

const SEEN_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 5 * 60_000;

interface State {
  subject?: UpgradeSubject;
  plan?: UpgradePlan;
  run?: RunView;
  workloads?: WorkloadView[];
}

/** From nothing to a mesh upgraded and its sidecars restarted. */
export const walkingSkeleton: Scenario<State, UpgradeWorld> = {
  name: 'walking-skeleton',
  title: 'See meshes, upgrade one, restart the sidecars that lag behind',
  fleet: 'upgrade',
  start: () => ({}),
  steps: [
    step('every cluster is healthy', async ({ product, facts }) => {
      const clusters = await seen<ClusterView[]>(
        'every cluster to be healthy',
        async () => (await product.get('ada', '/clusters')).items,
        items =>
          items.length === facts.clusters.length &&
          items.every(({ health }) => health.state === 'healthy'),
      );
      assert.deepEqual(
        clusters.map(({ name }) => name).sort(),
        [...facts.clusters].sort(),
      );
    }),

    step('the mesh is seen with its version', async world => {
      const mesh = await seenMesh(
        world,
        ({ status, sidecars }) => status === 'running' && sidecars.total > 0,
      );
      assert.equal(mesh.version, world.facts.mesh.version);
      assert.deepEqual(
        mesh.clusters.map(({ cluster }) => cluster).sort(),
        [...world.facts.mesh.clusters].sort(),
      );
    }),

    step('the registry offers a newer version', async world => {
      const { facts, product } = world;
      await seenMesh(world, ({ upgrade }) => upgrade !== undefined);
      const versions: TargetVersions = await product.get(
        'ada',
        `/meshes/${facts.mesh.id}/versions`,
      );
      const offered = versions.offered.map(({ version }) => version);
      assert(offered.includes(facts.mesh.target), `offered: ${offered}`);
      const older = versions.refused.find(
        ({ version }) => version === facts.mesh.olderVersion,
      );
      assert.equal(older?.code, 'older');
    }),

    step('a Kubernetes that is too old blocks', async ({ product, facts }) => {
      const { meshId, cluster, target } = facts.tooLow;
      await seen<MeshView | undefined>(
        `mesh ${meshId}`,
        async () =>
          (
            await product.get('ada', '/meshes')
          ).items.find(({ id }: MeshView) => id === meshId),
        mesh => mesh !== undefined,
      );
      const report = await check(product, {
        kind: 'mesh',
        meshId,
        targetVersion: target,
      });
      assert.equal(report.passed, false);
      const finding = report.findings.find(one => one.direction === 'tooLow');
      assert.equal(finding?.severity, 'blocker', JSON.stringify(report));
      assert.equal(finding.cluster, cluster);
      assert.notEqual(finding.remedy, '');
    }),

    step('the environment check passes', async ({ product, facts }, state) => {
      state.subject = {
        kind: 'mesh',
        meshId: facts.mesh.id,
        targetVersion: facts.mesh.target,
      };
      const report = await check(product, state.subject);
      assert(report.passed, JSON.stringify(report.findings));
    }),

    step('the plan tells what changes', async ({ product, facts }, state) => {
      state.plan = await planFor(product, 'ada', state.subject!);
      assert.equal(state.plan.fromVersion, facts.mesh.version);
      assert.equal(state.plan.targetVersion, facts.mesh.target);
      assert(state.plan.changes.length >= facts.mesh.clusters.length);
    }),

    ...badInput(),

    step('who may not upgrade the mesh is told so', async (world, state) => {
      const answer = await startRun(world, 'finn', state);
      assert.equal(answer.status, 403, JSON.stringify(answer.body));
    }),

    step('the upgrade starts', async (world, state) => {
      const answer = await startRun(world, 'ada', state);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      state.run = answer.body;
    }),

    step('a second one is refused, naming the first', async (world, state) => {
      const answer = await startRun(world, 'ada', state);
      assert.equal(answer.status, 409, JSON.stringify(answer.body));
      assert.equal(answer.body.error.runId, state.run!.id);
    }),

    step('the backend is killed in the middle', async ({ product }, state) => {
      await seen<RunView>(
        'a step of the run to be under way',
        () => product.get('ada', `/runs/${state.run!.id}`),
        run => {
          assert(!run.endedAt, `the run ended too early: ${run.message}`);
          return run.steps.some(one => one.state === 'running');
        },
      );
      await product.kill();
      await product.startAgain();
    }),

    step('the run ends well, both phases', async ({ product }, state) => {
      const run = await product.runToItsEnd(state.run!.id, RUN_TIMEOUT_MS);
      assert.equal(run.state, 'succeeded', describeRun(run));
      for (const phase of ['upgrade', 'healthCheck']) {
        const steps = run.steps.filter(one => one.phase === phase);
        assert(steps.length > 0, `no step of phase ${phase}`);
        // Skipped is what cannot be proven here, such as metrics of an istiod that is no program.
        assert(steps.some(one => one.state === 'succeeded'));
        assert(
          steps.every(({ state: one }) => one !== 'failed'),
          describeRun(run),
        );
      }
      const { items } = await product.get('ada', `/runs/${run.id}/events`);
      assert(items.length > 0, 'the run left no events');
    }),

    step('the mesh shows the new version', async world => {
      const { target } = world.facts.mesh;
      const mesh = await seenMesh(world, one => one.version === target);
      assert.deepEqual(mesh.versions, [target]);
      assert.equal(mesh.activeRun, undefined);
    }),

    step('its sidecars lag behind', async ({ product, facts }, state) => {
      const { items } = await seen<WorkloadPage>(
        'workloads to lag behind',
        () =>
          product.get('finn', workloadsOf(facts.ownComponent, facts.mesh.id)),
        page => page.items.some(one => one.outdated && isRestartable(one)),
      );
      state.workloads = items.filter(isRestartable);
      state.workloads.forEach(({ desiredVersion }) =>
        assert.equal(desiredVersion, facts.mesh.target),
      );
    }),

    step(
      'nobody upgrades the workloads of others',
      async ({ product, facts }) => {
        const page: WorkloadPage = await product.get(
          'ada',
          workloadsOf(facts.otherComponent, facts.mesh.id),
        );
        const foreign = page.items.find(isRestartable);
        assert(foreign, `${facts.otherComponent} has nothing in the mesh`);
        const subject: UpgradeSubject = {
          kind: 'sidecars',
          workloads: [foreign.id],
        };
        const { hash } = await planFor(product, 'ada', subject);
        const answer = await product.call('finn', 'POST', '/runs', {
          ...subject,
          planHash: hash,
        });
        assert.equal(answer.status, 403, JSON.stringify(answer.body));
        const { message } = answer.body.error;
        assert(message.includes(foreign.id), `who is denied what: ${message}`);
      },
    ),

    step('their owner restarts them', async ({ product }, state) => {
      const subject: UpgradeSubject = {
        kind: 'sidecars',
        workloads: state.workloads!.map(({ id }) => id),
      };
      const report = await check(product, subject);
      assert(report.passed, JSON.stringify(report.findings));
      const plan = await planFor(product, 'finn', subject);
      assert.equal(plan.changes.length, state.workloads!.length);
      const answer = await product.call('finn', 'POST', '/runs', {
        ...subject,
        planHash: plan.hash,
      });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      const run = await product.runToItsEnd(answer.body.id, RUN_TIMEOUT_MS);
      assert.equal(run.state, 'succeeded', describeRun(run));
    }),

    step('every pod runs the new proxy', async (world, state) => {
      for (const workload of state.workloads!) {
        const images = await world.proxyImages(workload);
        assert.equal(images.length, workload.pods.total, workload.id);
        images.forEach(image =>
          assert(
            image.endsWith(`:${world.facts.mesh.target}`),
            `a pod of ${workload.id} runs ${image}`,
          ),
        );
      }
    }),

    step('the workloads show it', async ({ product }, state) => {
      for (const { id } of state.workloads!) {
        await seen<WorkloadView>(
          `${id} to be up to date`,
          () => product.get('finn', `/workloads/${id}`),
          ({ outdated, status }) => !outdated && status === 'injected',
        );
      }
    }),
  ],
};

/** What must be refused, and with which words. */
function badInput(): Step<State, UpgradeWorld>[] {
  const cases: {
    name: string;
    subject: (facts: UpgradeWorld['facts']) => object;
    says: (facts: UpgradeWorld['facts']) => string;
  }[] = [
    {
      name: 'an empty selection',
      subject: () => ({ kind: 'sidecars', workloads: [] }),
      says: () => 'must not be empty',
    },
    {
      name: 'an older target',
      subject: ({ mesh }) => meshSubject(mesh.id, mesh.olderVersion),
      says: ({ mesh }) => mesh.olderVersion,
    },
    {
      name: 'a target of another family',
      subject: ({ mesh }) => meshSubject(mesh.id, mesh.otherFamilyVersion),
      says: ({ mesh }) => mesh.otherFamilyVersion,
    },
    {
      name: 'a target that nobody offers',
      subject: ({ mesh }) => meshSubject(mesh.id, '1.30.99'),
      says: () => '1.30.99',
    },
    {
      name: 'a mesh that nobody knows',
      subject: ({ mesh }) => meshSubject('atlantis', mesh.target),
      says: () => 'atlantis',
    },
    {
      name: 'a workload that nobody knows',
      subject: () => ({ kind: 'sidecars', workloads: ['a/b/Deployment/c'] }),
      says: () => 'a/b/Deployment/c',
    },
  ];
  return cases.map(({ name, subject, says }) =>
    step(`${name} is refused with the reason`, async ({ product, facts }) => {
      for (const [path, more] of [
        ['/plans', {}],
        ['/runs', { planHash: 'any' }],
      ] as const) {
        const { status, body } = await product.call('ada', 'POST', path, {
          ...subject(facts),
          ...more,
        });
        assert.equal(status, 400, `${path}: ${JSON.stringify(body)}`);
        const { message } = body.error;
        assert(message.includes(says(facts)), `${path} says: ${message}`);
      }
    }),
  );
}

function meshSubject(meshId: string, targetVersion: string): UpgradeSubject {
  return { kind: 'mesh', meshId, targetVersion };
}

function step(
  name: string,
  run: Step<State, UpgradeWorld>['run'],
): Step<State, UpgradeWorld> {
  return { name, run };
}

function workloadsOf(component: string, meshId: string): string {
  return `/workloads?${new URLSearchParams({
    mesh: meshId,
    owner: component,
  })}`;
}

function isRestartable({ method }: WorkloadView): boolean {
  return method.kind === 'restart';
}

/** Asks until what is seen is as it should be; the error shows what was seen last. */
async function seen<T>(
  what: string,
  ask: () => Promise<T>,
  isSo: (value: T) => boolean,
): Promise<T> {
  let last: T | undefined;
  return poll(
    async () => {
      last = await ask();
      return isSo(last) ? last : undefined;
    },
    {
      timeoutMs: SEEN_TIMEOUT_MS,
      intervalMs: 200,
      what,
      last: () => JSON.stringify(last)?.slice(0, 2000),
    },
  );
}

function seenMesh(
  { product, facts }: UpgradeWorld,
  isSo: (mesh: MeshView) => boolean,
): Promise<MeshView> {
  return seen<MeshView>(
    `mesh ${facts.mesh.id} as expected`,
    async () =>
      (await product.get('ada', '/meshes')).items.find(
        ({ id }: MeshView) => id === facts.mesh.id,
      ),
    mesh => mesh !== undefined && isSo(mesh),
  );
}

async function check(
  product: UpgradeWorld['product'],
  subject: UpgradeSubject,
): Promise<CheckReport> {
  const { status, body } = await product.call(
    'ada',
    'POST',
    '/checks',
    subject,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

async function planFor(
  product: UpgradeWorld['product'],
  person: Person,
  subject: UpgradeSubject,
): Promise<UpgradePlan> {
  const { status, body } = await product.call(
    person,
    'POST',
    '/plans',
    subject,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

function startRun({ product }: UpgradeWorld, person: Person, state: State) {
  return product.call(person, 'POST', '/runs', {
    ...state.subject,
    planHash: state.plan!.hash,
  });
}

function describeRun({ state, message, steps }: RunView): string {
  return `${state}: ${message}\n${steps
    .map(one => `${one.title} on ${one.cluster} ${one.state}: ${one.message}`)
    .join('\n')}`;
}
