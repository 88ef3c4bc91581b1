/** One ReplicaSet as the rolling update sees it. */
export interface SetState {
  name: string;
  replicas: number;
  available: number;
}

export interface RolloutState {
  desired: number;
  maxSurge: number;
  maxUnavailable: number;
  current: SetState;
  /** Older sets, oldest first. */
  old: SetState[];
}

/**
 * The next sizes of a Deployment's ReplicaSets in a rolling update: the new set grows as far as
 * the surge allows, old ones shrink as far as the wanted availability allows, their broken pods
 * first. Names that keep their size are left out.
 */
export function planRollingUpdate(state: RolloutState): Map<string, number> {
  const { desired, current, old } = state;
  const sizes = new Map<string, number>();
  const oldTotal = sum(old.map(({ replicas }) => replicas));
  const total = current.replicas + oldTotal;

  if (current.replicas > desired) {
    sizes.set(current.name, desired);
  } else if (current.replicas < desired) {
    const room = desired + state.maxSurge - total;
    if (room > 0) {
      sizes.set(current.name, Math.min(desired, current.replicas + room));
    }
  }

  const minAvailable = desired - state.maxUnavailable;
  const newUnavailable = current.replicas - current.available;
  let removable = Math.min(total - minAvailable - newUnavailable, oldTotal);
  for (const set of old) {
    const broken = Math.min(set.replicas - set.available, removable);
    if (broken > 0) {
      sizes.set(set.name, set.replicas - broken);
      removable -= broken;
    }
  }
  const available =
    current.available + sum(old.map(({ available: count }) => count));
  let surplus = available - minAvailable;
  for (const set of old) {
    const size = sizes.get(set.name) ?? set.replicas;
    const fewer = Math.min(size, surplus);
    if (fewer > 0) {
      sizes.set(set.name, size - fewer);
      surplus -= fewer;
    }
  }
  return sizes;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
