import type { Deployment } from './types';

/** Where a Deployment's rolling update is. */
export interface Rollout {
  /** By the conditions `kubectl rollout status` waits for; says nothing about sidecars. */
  complete: boolean;
  progress: { done: number; total: number };
  /** Present when Kubernetes gave up on it. */
  failure?: string;
}

/** Reads the status of a Deployment. */
export function rolloutOf(deployment: Deployment): Rollout {
  const { spec, status = {}, metadata } = deployment;
  // The number wanted now: an autoscaler may have changed it since the start.
  const total = spec.replicas ?? 1;
  const observed =
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 1);
  const updated = observed ? status.updatedReplicas ?? 0 : 0;
  const available = status.availableReplicas ?? 0;
  // Old pods are available too: only what they cannot account for is new.
  const old = (status.replicas ?? 0) - updated;
  const stalled = status.conditions?.find(
    ({ type, reason }) =>
      type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  return {
    complete:
      observed &&
      updated >= total &&
      (status.replicas ?? 0) <= updated &&
      available >= updated,
    progress: {
      done: Math.max(0, Math.min(updated, available - old, total)),
      total,
    },
    failure:
      observed && stalled
        ? `${stalled.reason}: ${stalled.message ?? ''}`
        : undefined,
  };
}
