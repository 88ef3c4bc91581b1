import type { Scenario } from '../Scenario';
import { walkingSkeleton } from './walkingSkeleton';

/** All scenarios, in the order in which they should be read. */
export const scenarios: Scenario[] = [walkingSkeleton];
