import { setTimeout as sleep } from 'node:timers/promises';
import type { Operator, OperatorCluster } from '../Operator';

const PERIOD_MS = 300;

/**
 * Looks at all that the operators keep, again and again, until it is told to
 * end: slower to notice than a watch, and sure to see everything.
 */
export async function runOperators(
  cluster: OperatorCluster,
  operators: readonly Operator[],
  { signal }: { signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    for (const operator of operators) {
      await reconcileAll(cluster, operator).catch(complain);
    }
    await sleep(PERIOD_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function reconcileAll(cluster: OperatorCluster, operator: Operator) {
  for (const object of await cluster.list(operator.resource)) {
    // One odd object must not stop the others.
    await operator.reconcile(cluster, object).catch(complain);
  }
}

/** Somebody wrote at the same time, or took the object away: the next look tells. */
function complain(error: Error) {
  console.error(error.message);
}
