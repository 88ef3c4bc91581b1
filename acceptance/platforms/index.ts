import { LabPlatform } from './lab';
import type { Platform } from './Platform';
import { TestbedPlatform } from './testbed';

/** By the word that `--on` takes. */
export const platforms: Record<string, () => Platform> = {
  lab: () => LabPlatform.create(),
  testbed: () => TestbedPlatform.create(),
};
