import type { UpgradeWorld } from '../acceptance/World';
import type { Browser } from './Browser';

/** What one person does in the browser, from signing in. */
export interface Journey {
  /** A sentence about what is possible. */
  name: string;
  run(browser: Browser, world: UpgradeWorld): Promise<void>;
}
