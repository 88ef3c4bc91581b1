import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import type { State } from '../State';
import { calledSteps } from './called';
import { committedSteps } from './committed';
import { externalSteps } from './external';
import { CALLED, COMMITTED, REVISIONS } from './meshes';
import { revisionStep } from './revisions';

/** Every way to install a control plane, each on a mesh of its own. */
export const labSteps: Step<State, World>[] = [
  ...externalSteps,
  ...committedSteps(COMMITTED),
  revisionStep(REVISIONS),
  ...calledSteps(CALLED),
];
