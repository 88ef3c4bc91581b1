import type { BackoffPolicy } from './Pause';

/** The rhythm of a collector, in milliseconds. */
export interface CollectorTiming {
  /** Changes are gathered this long before they are written together. */
  gatherMs: number;
  /** How often a cluster that is well is asked for its version. */
  probeIntervalMs: number;
  backoff: BackoffPolicy;
}

export const DEFAULT_TIMING: CollectorTiming = {
  gatherMs: 300,
  probeIntervalMs: 10_000,
  backoff: { initialMs: 500, maxMs: 30_000 },
};
