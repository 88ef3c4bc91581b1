import type { Rollout } from './rollout';
import type { DaemonSet } from './types';

/** Reads the status of a DaemonSet, by the conditions `kubectl rollout status` waits for. */
export function daemonSetRolloutOf({
  metadata,
  status = {},
}: DaemonSet): Rollout {
  const observed =
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 1);
  const total = status.desiredNumberScheduled ?? 0;
  const updated = observed ? status.updatedNumberScheduled ?? 0 : 0;
  const available = status.numberAvailable ?? 0;
  // Old pods are available too: only what they cannot account for is new.
  const old = total - updated;
  return {
    complete: observed && updated >= total && available >= total,
    progress: { done: Math.max(0, Math.min(updated, available - old)), total },
  };
}
