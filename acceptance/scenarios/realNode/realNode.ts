import type { Scenario } from '../../Scenario';
import type { World } from '../../World';
import type { State } from '../meshUpgrade/State';
import { realNodeSteps } from './steps';

/** What only a kubelet can show of the Jobs: images, accounts, logs, and what a container may do. */
export const realNode: Scenario<State, World> = {
  name: 'mesh-upgrade-real-node',
  title: 'Upgrade control planes by Jobs that run as containers on a real node',
  fleet: 'realNode',
  only: 'testbed',
  start: () => ({ before: new Map() }),
  steps: realNodeSteps,
};
