import assert from 'node:assert/strict';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { clusterOf } from '../clusterState';
import { ends, planUntil, runUntil, start, stepOf } from '../runs';
import type { State } from '../State';
import { assertUpgraded } from './assertUpgraded';
import {
  COMMITTED_VERSION,
  PATCHED_VERSION,
  type CommittedMesh,
} from './meshes';

const FORMER = '1.29.4';

/** What Git keeps is waited for; what nothing keeps is changed where the tool reads it. */
export function committedSteps(meshes: CommittedMesh[]): Step<State, World>[] {
  return meshes.flatMap(stepsOf);
}

function stepsOf(mesh: CommittedMesh): Step<State, World>[] {
  const { id: meshId, driver, object, field, keeper, paths } = mesh;
  const where = { cluster: meshId, namespace: mesh.namespace };
  return [
    {
      name: `${meshId} waits for the commit that ${driver} needs, in words for it`,
      async run(world, state) {
        const { product } = world;
        const upgrade = { meshId, target: COMMITTED_VERSION };
        const plan = await planUntil(
          product,
          upgrade,
          `a plan by ${driver}`,
          ({ changes }) => changes.some(change => change.object === object),
        );
        assert.equal(plan.driver, driver);
        const change = plan.changes.find(one => one.object === object);
        assert.equal(change?.before, `${field}: ${FORMER}`);
        assert.equal(change?.after, `${field}: ${COMMITTED_VERSION}`);
        assert.match(change?.effect ?? '', /^Kept in Git by/);
        state.run = await start(product, upgrade);
        const run = await runUntil(
          product,
          state.run.id,
          'the run to wait',
          ({ state: reached }) => reached === 'waiting',
        );
        assert.equal(
          stepOf(run, meshId, 'istiod').message,
          `Set ${object}: ${field} from ${FORMER} to ${COMMITTED_VERSION} in Git; it is kept there by ${keeper}`,
        );
      },
    },
    {
      name: `after the commit ${driver} installs it, and the run of ${meshId} ends by itself`,
      async run(world, state) {
        assert(world.elsewhere, `${world.name} has no Git to commit to`);
        await world.elsewhere.commit(
          meshId,
          object,
          mesh.patch(COMMITTED_VERSION),
        );
        await ends(world.product, state.run!.id, 'succeeded');
        await assertUpgraded(world, where, COMMITTED_VERSION);
      },
    },
    {
      name: `${meshId} is upgraded from here where nothing keeps the version in Git any more`,
      async run(world) {
        const { product } = world;
        const cluster = clusterOf(world, meshId);
        await cluster.delete(paths.keeper);
        await cluster.patch(paths.kept, { metadata: mesh.release });
        const upgrade = { meshId, target: PATCHED_VERSION };
        await planUntil(
          product,
          upgrade,
          'a plan without Git',
          ({ changes }) =>
            changes.some(one => one.object === object) &&
            changes.every(({ effect }) => !effect?.startsWith('Kept in Git')),
        );
        const { id } = await start(product, upgrade);
        await ends(product, id, 'succeeded');
        await assertUpgraded(world, where, PATCHED_VERSION);
      },
    },
  ];
}
