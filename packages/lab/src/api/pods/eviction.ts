import type { Cluster } from '../../cluster/Cluster';
import { budgetStatus, covers } from '../../controllers/disruptionBudget';
import { deletePod } from '../../controllers/kubelet';
import { ApiError, notFound, uidConflict } from '../../kubernetes/errors';
import { isCompleted, isReady, isTerminating } from '../../kubernetes/pods';
import { POD_DISRUPTION_BUDGETS, PODS } from '../../kubernetes/resources';
import type { Pod, PodDisruptionBudget } from '../../kubernetes/types';

export interface Eviction {
  deleteOptions?: {
    dryRun?: string[];
    gracePeriodSeconds?: number;
    preconditions?: { uid?: string };
  };
}

/** Evicts a pod unless a budget forbids it: 429 then, 500 when several budgets claim the pod. */
export function evictPod(
  cluster: Cluster,
  target: { namespace: string; name: string; dryRun: boolean },
  eviction: Eviction,
) {
  const { namespace, name } = target;
  const pod = cluster.store.get(PODS, namespace, name);
  if (!pod) {
    throw notFound(PODS, name);
  }
  const { preconditions, dryRun, gracePeriodSeconds } =
    eviction.deleteOptions ?? {};
  if (preconditions?.uid && preconditions.uid !== pod.metadata.uid) {
    throw uidConflict(PODS, name, {
      wanted: preconditions.uid,
      actual: pod.metadata.uid,
    });
  }
  if (!isFreeToGo(pod)) {
    askBudgets(cluster, pod);
  }
  if (!target.dryRun && !dryRun?.includes('All')) {
    deletePod(cluster, pod, gracePeriodSeconds);
  }
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  };
}

/** Pods that serve nobody are outside every budget. */
function isFreeToGo(pod: Pod): boolean {
  return (
    isCompleted(pod) || isTerminating(pod) || pod.status?.phase === 'Pending'
  );
}

function askBudgets(cluster: Cluster, pod: Pod) {
  const budgets = cluster.store
    .list(POD_DISRUPTION_BUDGETS, pod.metadata.namespace)
    .filter(budget => covers(budget, pod));
  if (budgets.length > 1) {
    throw new ApiError(
      500,
      undefined,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  budgets.forEach(budget => askBudget(cluster, budget, pod));
}

function askBudget(cluster: Cluster, budget: PodDisruptionBudget, pod: Pod) {
  const status = budgetStatus(cluster, budget);
  if (!isReady(pod)) {
    const policy = budget.spec.unhealthyPodEvictionPolicy ?? 'IfHealthyBudget';
    if (
      policy === 'AlwaysAllow' ||
      (status.currentHealthy >= status.desiredHealthy &&
        status.desiredHealthy > 0)
    ) {
      return;
    }
  }
  if (status.disruptionsAllowed > 0) {
    return;
  }
  throw new ApiError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: `The disruption budget ${budget.metadata.name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`,
        },
      ],
    },
  );
}
