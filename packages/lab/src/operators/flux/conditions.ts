import { withCondition } from '../../kubernetes/conditions';
import type { Condition, FluxStatus, KubeObject } from '../../kubernetes/types';

const REQUESTED_AT = 'reconcile.fluxcd.io/requestedAt';

/** What Flux says of an object: installed, at work on it, or failed. */
export interface FluxVerdict {
  ready: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

/** The part of a status that every kind of Flux has; `Reconciling` goes with `Unknown`. */
export function fluxStatus(
  object: KubeObject & { status?: FluxStatus },
  { ready, reason, message }: FluxVerdict,
  now: string,
): FluxStatus {
  const former = object.status?.conditions?.filter(
    ({ type }) => type !== 'Reconciling',
  );
  const conditions: Condition[] = withCondition(former, {
    type: 'Ready',
    status: ready,
    reason,
    message,
    lastTransitionTime: now,
  });
  const requested = object.metadata.annotations?.[REQUESTED_AT];
  return {
    observedGeneration: object.metadata.generation,
    ...(requested && { lastHandledReconcileAt: requested }),
    conditions:
      ready === 'Unknown'
        ? [
            ...conditions,
            {
              type: 'Reconciling',
              status: 'True',
              reason,
              message,
              lastTransitionTime: now,
            },
          ]
        : conditions,
  };
}

/** Whether somebody asked for a reconciliation that was not done yet. */
export function isRequested(
  object: KubeObject & { status?: FluxStatus },
): boolean {
  const requested = object.metadata.annotations?.[REQUESTED_AT];
  return (
    requested !== undefined &&
    requested !== object.status?.lastHandledReconcileAt
  );
}

export function readyCondition(
  object: { status?: FluxStatus } | undefined,
): Condition | undefined {
  return object?.status?.conditions?.find(({ type }) => type === 'Ready');
}
