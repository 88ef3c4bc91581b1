import type { Fleet } from '../Scenario';
import type { World } from '../World';

/** Where a scenario can run. */
export interface Platform {
  /** Starts a new world, and the product with an empty database on it. */
  start(fleet: Fleet): Promise<World>;
  /** Ends whatever `start` has started so far. */
  stop(): Promise<void>;
}
