import type { Scenario } from '../../Scenario';
import type { World } from '../../World';
import { changeSteps } from './steps/changes';
import { checkInjectSteps } from './steps/checkInject';
import { faultSteps } from './steps/faults';
import { listSteps } from './steps/lists';
import { meshSteps } from './steps/meshes';
import { outageSteps } from './steps/outage';
import { ownerSteps } from './steps/owners';
import { workloadSteps } from './steps/workloads';

/** Everything that is in the clusters is shown as it is, and stays so. */
export const inventory: Scenario<object, World> = {
  name: 'inventory',
  title: 'Show every mesh and sidecar as the clusters themselves tell',
  fleet: 'inventory',
  start: () => ({}),
  steps: [
    ...meshSteps,
    ...workloadSteps,
    ...checkInjectSteps,
    ...listSteps,
    ...ownerSteps,
    ...changeSteps,
    ...outageSteps,
    ...faultSteps,
  ],
};
