import type { Scenario } from '../../Scenario';
import type { World } from '../../World';
import type { State } from './State';
import { leftoverSteps } from './steps/leftovers';
import { returnSteps } from './steps/return';

/** After an upgrade: the way back by the real helm, and what a removed revision of the real istioctl leaves. */
export const meshReturn: Scenario<State, World> = {
  name: 'mesh-return',
  title:
    'Return a mesh to its former version, and remove what a revision left behind',
  fleet: 'meshReturn',
  only: 'testbed',
  start: () => ({ before: new Map() }),
  steps: [...returnSteps, ...leftoverSteps],
};
