import type { Scenario } from '../../Scenario';
import type { World } from '../../World';
import type { State } from './State';
import { failures } from './steps/failures';
import { fluxSteps } from './steps/flux';
import { hops } from './steps/hops';
import { refusals } from './steps/refusals';

/** Real control planes of every installer that the testbed has, through what installed them. */
export const meshUpgrade: Scenario<State, World> = {
  name: 'mesh-upgrade',
  title:
    'Upgrade control planes of helm, istioctl and Flux, one cluster after the other, or fail clearly',
  fleet: 'meshUpgrade',
  only: 'testbed',
  start: () => ({ before: new Map() }),
  steps: [...refusals, ...failures, ...hops, ...fluxSteps],
};
