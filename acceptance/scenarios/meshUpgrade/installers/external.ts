import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { ends, runUntil, start } from '../runs';
import type { State } from '../State';
import { assertInjected } from './assertUpgraded';
import { EXTERNAL } from './meshes';

/** An istiod of somebody else: shown, waited for and proven. */
export const externalSteps: Step<State, World>[] = [
  {
    name: `${EXTERNAL.id} waits for whoever runs its istiod, and ends when that is upgraded`,
    async run(world) {
      const { id: meshId, target, namespace } = EXTERNAL;
      const { id } = await start(world.product, { meshId, target });
      await runUntil(
        world.product,
        id,
        'the run to wait',
        ({ state }) => state === 'waiting',
      );
      await world.elsewhere!.upgradeExternalIstiod!(meshId, target);
      await ends(world.product, id, 'succeeded');
      await assertInjected(world, { cluster: meshId, namespace }, target);
    },
  },
];
