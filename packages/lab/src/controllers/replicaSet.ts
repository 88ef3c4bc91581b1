import type { Cluster } from '../cluster/Cluster';
import { withCondition } from '../kubernetes/conditions';
import type { ApiError } from '../kubernetes/errors';
import { isActive, isReady } from '../kubernetes/pods';
import {
  PODS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  type Resource,
} from '../kubernetes/resources';
import type {
  Pod,
  ReplicaSet,
  ReplicationController,
} from '../kubernetes/types';
import { deletePod } from './kubelet';
import { controllerOf, controllerReference } from './ownership';
import { createPod } from './podFactory';

/** What keeps a number of pods of one template alive. */
type Keeper = ReplicaSet | ReplicationController;

const KEEPERS: ReadonlyArray<Resource<Keeper>> = [
  REPLICA_SETS as Resource<Keeper>,
  REPLICATION_CONTROLLERS as Resource<Keeper>,
];

/** Keeps as many pods alive as each ReplicaSet and ReplicationController asks for. */
export function startReplicaSetController(cluster: Cluster) {
  const enqueue = (
    keeper: Resource<Keeper>,
    namespace: string | undefined,
    name: string,
  ) =>
    cluster.queue.add(`${keeper.plural} ${namespace}/${name}`, () =>
      reconcile(cluster, keeper, namespace, name),
    );
  cluster.onChange(({ resource, object }) => {
    const { namespace, name } = object.metadata;
    const kept = KEEPERS.find(each => (each as Resource) === resource);
    if (kept) {
      enqueue(kept, namespace, name);
    } else if (resource === (PODS as Resource)) {
      const owner = controllerOf(object);
      const keeper = KEEPERS.find(({ kind }) => kind === owner?.kind);
      if (owner && keeper) {
        enqueue(keeper, namespace, owner.name);
      }
    }
  });
}

/** The status of a ReplicaSet with these live pods. */
export function replicaSetStatus(
  set: { metadata: { generation?: number } },
  counts: { replicas: number; ready: number },
): NonNullable<ReplicaSet['status']> {
  const { replicas, ready } = counts;
  return {
    replicas,
    ...(replicas && { fullyLabeledReplicas: replicas }),
    ...(ready && { readyReplicas: ready, availableReplicas: ready }),
    observedGeneration: set.metadata.generation,
  };
}

function reconcile(
  cluster: Cluster,
  keeper: Resource<Keeper>,
  namespace: string | undefined,
  name: string,
) {
  const { store } = cluster;
  const set = store.get(keeper, namespace, name);
  if (!set || set.metadata.deletionTimestamp) {
    return;
  }
  const live = () => store.ownedBy(PODS, set.metadata.uid).filter(isActive);
  const pods = live();
  const missing = (set.spec.replicas ?? 1) - pods.length;
  let refusal: ApiError | undefined;
  for (let count = 0; count < missing && !refusal; count += 1) {
    refusal = createPod(cluster, {
      again: () => reconcile(cluster, keeper, namespace, name),
      namespace: namespace!,
      generateName: `${name}-`,
      template: set.spec.template,
      owner: controllerReference(keeper, set),
    });
  }
  if (missing < 0) {
    pods
      .sort(leastWorthFirst)
      .slice(0, -missing)
      .forEach(pod => deletePod(cluster, pod));
  }
  const now = live();
  store.update(keeper, namespace, name, each => ({
    ...each,
    status: {
      ...replicaSetStatus(each, {
        replicas: now.length,
        ready: now.filter(isReady).length,
      }),
      ...(refusal && {
        conditions: withCondition(each.status?.conditions, {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          message: refusal.message,
          lastTransitionTime: cluster.clock.now(),
        }),
      }),
    },
  }));
}

function leastWorthFirst(a: Pod, b: Pod): number {
  return (
    Number(isReady(a)) - Number(isReady(b)) ||
    b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp)
  );
}
