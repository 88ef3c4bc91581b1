import type { Cluster } from '../cluster/Cluster';
import { isActive, isReady } from '../kubernetes/pods';
import { resolveCount } from '../kubernetes/quantities';
import {
  DEPLOYMENTS,
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
  STATEFUL_SETS,
  type Resource,
} from '../kubernetes/resources';
import { matchesSelector } from '../kubernetes/selectors';
import type { Pod, PodDisruptionBudget } from '../kubernetes/types';
import { controllerOf } from './ownership';

type BudgetStatus = NonNullable<PodDisruptionBudget['status']>;

/** Keeps the status of every PodDisruptionBudget true. */
export function startDisruptionBudgetController(cluster: Cluster) {
  const { store } = cluster;
  const enqueue = ({ metadata: { namespace, name } }: PodDisruptionBudget) =>
    cluster.queue.add(`budget ${namespace}/${name}`, () => {
      if (store.get(POD_DISRUPTION_BUDGETS, namespace, name)) {
        store.update(POD_DISRUPTION_BUDGETS, namespace, name, each => ({
          ...each,
          status: budgetStatus(cluster, each),
        }));
      }
    });
  cluster.onChange(({ resource, object, type }) => {
    if (
      resource === (POD_DISRUPTION_BUDGETS as Resource) &&
      type !== 'DELETED'
    ) {
      enqueue(object as PodDisruptionBudget);
    } else if (resource === (PODS as Resource)) {
      store
        .list(POD_DISRUPTION_BUDGETS, object.metadata.namespace)
        .filter(budget => covers(budget, object as Pod))
        .forEach(enqueue);
    }
  });
}

/** Whether a budget protects this pod. */
export function covers(budget: PodDisruptionBudget, pod: Pod): boolean {
  return (
    budget.metadata.namespace === pod.metadata.namespace &&
    budget.spec.selector !== undefined &&
    matchesSelector(budget.spec.selector, pod.metadata.labels)
  );
}

/** What a budget allows at this moment. */
export function budgetStatus(
  cluster: Cluster,
  budget: PodDisruptionBudget,
): BudgetStatus {
  const pods = cluster.store
    .list(PODS, budget.metadata.namespace)
    .filter(pod => covers(budget, pod) && isActive(pod));
  const { minAvailable, maxUnavailable } = budget.spec;
  const counted =
    typeof minAvailable === 'number'
      ? pods.length
      : expectedReplicas(cluster, pods);
  const desiredHealthy =
    maxUnavailable === undefined
      ? resolveCount(minAvailable ?? 0, counted, 'up')
      : Math.max(0, counted - resolveCount(maxUnavailable, counted, 'up'));
  const currentHealthy = pods.filter(isReady).length;
  const disruptionsAllowed =
    counted === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return {
    observedGeneration: budget.metadata.generation,
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods: counted,
    conditions: [
      {
        type: 'DisruptionAllowed',
        status: disruptionsAllowed > 0 ? 'True' : 'False',
        reason: disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
        lastTransitionTime: budget.metadata.creationTimestamp,
      },
    ],
  };
}

/** How many pods the controllers of these pods want, as the scale of each says. */
function expectedReplicas(cluster: Cluster, pods: Pod[]): number {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const { namespace } = pod.metadata;
    const owner = controllerOf(pod);
    if (owner?.kind === 'StatefulSet') {
      const set = cluster.store.get(STATEFUL_SETS, namespace, owner.name);
      scales.set(owner.uid, set?.spec.replicas ?? 1);
    } else if (owner?.kind === 'ReplicaSet') {
      const set = cluster.store.get(REPLICA_SETS, namespace, owner.name);
      const parent = set && controllerOf(set);
      const deployment =
        parent && cluster.store.get(DEPLOYMENTS, namespace, parent.name);
      scales.set(
        parent?.uid ?? owner.uid,
        (deployment ?? set)?.spec.replicas ?? 1,
      );
    } else {
      scales.set(pod.metadata.uid, 1);
    }
  }
  return [...scales.values()].reduce((total, count) => total + count, 0);
}
