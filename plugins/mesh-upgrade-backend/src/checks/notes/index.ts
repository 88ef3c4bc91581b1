import { istio128 } from './istio-1.28';
import { istio129 } from './istio-1.29';
import { istio130 } from './istio-1.30';
import { istio131 } from './istio-1.31';
import type { MinorNotes } from './types';

export * from './links';
export * from './reads';
export * from './types';

/** By minor, oldest first. A new minor gets a file of its own. */
export const UPGRADE_NOTES: readonly MinorNotes[] = [
  istio128,
  istio129,
  istio130,
  istio131,
];
