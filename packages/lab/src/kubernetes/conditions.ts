import type { Condition } from './types';

/** Sets a condition; its transition time moves only when its status does, as in Kubernetes. */
export function withCondition(
  conditions: Condition[] | undefined,
  condition: Condition & { lastTransitionTime: string },
): Condition[] {
  const previous = conditions?.find(({ type }) => type === condition.type);
  const next =
    previous?.status === condition.status
      ? { ...condition, lastTransitionTime: previous.lastTransitionTime }
      : condition;
  return previous
    ? conditions!.map(each => (each === previous ? next : each))
    : [...(conditions ?? []), next];
}
