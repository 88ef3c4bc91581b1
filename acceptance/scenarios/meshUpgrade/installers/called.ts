import assert from 'node:assert/strict';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { ends, planUntil, start } from '../runs';
import type { State } from '../State';
import { assertUpgraded } from './assertUpgraded';
import type { CalledMesh } from './meshes';

/** Whose installer is called from here: one run to the end. */
export function calledSteps(meshes: CalledMesh[]): Step<State, World>[] {
  return meshes.map(stepOf);
}

const stepOf = (mesh: CalledMesh): Step<State, World> => ({
  name: `${mesh.id} is upgraded by ${mesh.driver}, and its new pods get the new proxy`,
  async run(world) {
    const { product } = world;
    const upgrade = { meshId: mesh.id, target: mesh.target };
    const { driver } = await planUntil(
      product,
      upgrade,
      `a plan by ${mesh.driver}`,
      () => true,
    );
    assert.equal(driver, mesh.driver);
    const { id } = await start(product, upgrade);
    await ends(product, id, 'succeeded');
    for (const cluster of mesh.clusters) {
      await assertUpgraded(
        world,
        { cluster, namespace: mesh.namespace },
        mesh.target,
      );
    }
  },
});
