import type { Scenario } from '../Scenario';
import { checks } from './checks/checks';
import { inventory } from './inventory/inventory';
import { argocd } from './meshUpgrade/argocd';
import { meshUpgrade } from './meshUpgrade/meshUpgrade';
import { meshReturn } from './meshUpgrade/return';
import { operators } from './meshUpgrade/operators';
import { realNode } from './realNode/realNode';
import { versions } from './versions/versions';
import { waitingRuns } from './waitingRuns';
import { walkingSkeleton } from './walkingSkeleton';

/** All scenarios, in the order in which they should be read. */
export const scenarios: Scenario[] = [
  walkingSkeleton,
  inventory,
  versions,
  checks,
  meshUpgrade,
  waitingRuns,
  meshReturn,
  realNode,
  argocd,
  operators,
];
