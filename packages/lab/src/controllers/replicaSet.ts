import type { Cluster } from '../cluster/Cluster';
import { isActive, isReady } from '../kubernetes/pods';
import { PODS, REPLICA_SETS, type Resource } from '../kubernetes/resources';
import type { Pod, ReplicaSet } from '../kubernetes/types';
import { deletePod } from './kubelet';
import { controllerOf, controllerReference } from './ownership';
import { createPod } from './podFactory';

/** Keeps as many pods alive as each ReplicaSet asks for. */
export function startReplicaSetController(cluster: Cluster) {
  const enqueue = (namespace: string | undefined, name: string) =>
    cluster.queue.add(`replicaset ${namespace}/${name}`, () =>
      reconcile(cluster, namespace, name),
    );
  cluster.onChange(({ resource, object }) => {
    if (resource === (REPLICA_SETS as Resource)) {
      enqueue(object.metadata.namespace, object.metadata.name);
    } else if (resource === (PODS as Resource)) {
      const owner = controllerOf(object);
      if (owner?.kind === 'ReplicaSet') {
        enqueue(object.metadata.namespace, owner.name);
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
  namespace: string | undefined,
  name: string,
) {
  const { store } = cluster;
  const set = store.get(REPLICA_SETS, namespace, name);
  if (!set || set.metadata.deletionTimestamp) {
    return;
  }
  const live = () => store.ownedBy(PODS, set.metadata.uid).filter(isActive);
  const pods = live();
  const missing = (set.spec.replicas ?? 1) - pods.length;
  for (let count = 0; count < missing; count += 1) {
    createPod(cluster, {
      namespace: namespace!,
      generateName: `${name}-`,
      template: set.spec.template,
      owner: controllerReference(REPLICA_SETS, set),
    });
  }
  if (missing < 0) {
    pods
      .sort(leastWorthFirst)
      .slice(0, -missing)
      .forEach(pod => deletePod(cluster, pod));
  }
  const now = live();
  store.update(REPLICA_SETS, namespace, name, each => ({
    ...each,
    status: replicaSetStatus(each, {
      replicas: now.length,
      ready: now.filter(isReady).length,
    }),
  }));
}

function leastWorthFirst(a: Pod, b: Pod): number {
  return (
    Number(isReady(a)) - Number(isReady(b)) ||
    b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp)
  );
}
