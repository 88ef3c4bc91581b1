import assert from 'node:assert/strict';
import type { ClusterAccess } from '../../../ClusterAccess';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { clusterOf, releases, untouched } from '../clusterState';
import {
  FIRST,
  JOBS,
  NEXT,
  PAIR,
  SECOND,
  START,
  WITHOUT_CHART,
} from '../facts';
import { ends, start, stepOf } from '../runs';
import type { State } from '../State';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ACCOUNT = 'mesh-upgrade-helm';
const BLIND = 'installs-blindly';

/** Upgrades that fail before they changed anything, each in the words of who refused. */
export const failures: Step<State, World>[] = [
  {
    name: 'a chart that does not exist fails the run in words of helm, and both clusters are as before',
    async run(world) {
      const before = await states(world);
      const { id } = await start(world.product, {
        meshId: PAIR,
        target: WITHOUT_CHART,
      });
      const run = await ends(world.product, id, 'failed');
      assert.match(
        stepOf(run, FIRST, 'base').message,
        /helm failed: Error: .*1\.30\.2.* not found/s,
      );
      assertNothingElse(run);
      assert.deepEqual(await states(world), before);
    },
  },
  {
    name: 'an account of the Jobs that may not read fails the run in words of the API server, and istiod is as before',
    async run(world) {
      const cluster = clusterOf(world, FIRST);
      const { generation } = await generationOf(world);
      await bindAccount(cluster, BLIND);
      const { id } = await start(world.product, { meshId: PAIR, target: NEXT });
      const run = await ends(world.product, id, 'failed');
      assert.match(
        stepOf(run, FIRST, 'base').message,
        /helm failed: .*forbidden: User "system:serviceaccount:mesh-upgrade:mesh-upgrade-helm" cannot get resource/s,
      );
      assertNothingElse(run);
      assert.deepEqual(await releases(world, FIRST), [
        `base-${START}`,
        `istiod-${START}`,
      ]);
      assert.equal((await generationOf(world)).generation, generation);
      await bindAccount(cluster, 'cluster-admin');
    },
  },
];

function assertNothingElse(run: Parameters<typeof stepOf>[0]): void {
  const states = run.steps
    // Counting changes nothing, and may not be possible.
    .filter(({ title }) => !title.endsWith('connected proxies before'))
    .map(({ state }) => state);
  assert.deepEqual(states, ['failed', ...states.slice(1).map(() => 'skipped')]);
}

async function states(world: World): Promise<string[]> {
  return Promise.all([untouched(world, FIRST), untouched(world, SECOND)]);
}

async function generationOf(world: World): Promise<{ generation: number }> {
  return JSON.parse(await untouched(world, FIRST));
}

/** Gives the account of helm's Jobs this role in place of the one it has. */
async function bindAccount(cluster: ClusterAccess, role: string) {
  if (role === BLIND) {
    await cluster.post(`${RBAC}/clusterroles`, {
      metadata: { name: BLIND },
      rules: [
        {
          apiGroups: ['*'],
          resources: ['*'],
          verbs: ['list', 'watch', 'create', 'update', 'patch', 'delete'],
        },
        // It would get them by granting them otherwise.
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          resources: ['*'],
          verbs: ['escalate', 'bind'],
        },
      ],
    });
  }
  await cluster.delete(`${RBAC}/clusterrolebindings/${ACCOUNT}`);
  await cluster.post(`${RBAC}/clusterrolebindings`, {
    metadata: { name: ACCOUNT },
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: role,
    },
    subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: JOBS }],
  });
}
