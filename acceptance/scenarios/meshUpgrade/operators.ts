import type { Scenario } from '../../Scenario';
import type { World } from '../../World';
import { calledSteps } from './installers/called';
import { committedSteps } from './installers/committed';
import { revisionStep } from './installers/revisions';
import { BY_OPERATORS } from './operators/facts';
import { revisionsBesideSteps } from './operators/revisions';
import type { State } from './State';

/** Control planes that operators install with real charts: Flux, and Sail. */
export const operators: Scenario<State, World> = {
  name: 'mesh-upgrade-operators',
  title:
    'Upgrade control planes of Flux and Sail, through their objects and by Git',
  fleet: 'operators',
  only: 'testbed',
  start: () => ({ before: new Map() }),
  steps: [
    ...committedSteps(BY_OPERATORS.committed),
    ...calledSteps(BY_OPERATORS.called),
    revisionStep(BY_OPERATORS.revisions),
    ...revisionsBesideSteps(BY_OPERATORS.revisions),
  ],
};
