import type { Scenario, Step } from '../../Scenario';
import type { World } from '../../World';
import { labSteps } from './installers/lab';
import type { State } from './State';
import { failures } from './steps/failures';
import { hops } from './steps/hops';
import { refusals } from './steps/refusals';

/** Control planes of every installer that a fleet has, through what installed them. */
export const meshUpgrade: Scenario<State, World> = {
  name: 'mesh-upgrade',
  title:
    'Upgrade control planes of every installer, one cluster after the other, or fail clearly',
  fleet: 'meshUpgrade',
  start: () => ({ before: new Map() }),
  steps: [
    ...on('lab', labSteps),
    ...on('testbed', [...refusals, ...failures, ...hops]),
  ],
};

function on(platform: string, steps: Step<State, World>[]) {
  return steps.map(step => ({
    ...step,
    on: (world: World) => world.name === platform,
  }));
}
