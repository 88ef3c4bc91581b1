import type { Cluster } from '../cluster/Cluster';
import { isActive, isReady } from '../kubernetes/pods';
import { CLONE_SETS, PODS, type Resource } from '../kubernetes/resources';
import type { Pod, ReplicaOwner } from '../kubernetes/types';
import { templateHash } from './deployment';
import { deletePod } from './kubelet';
import { controllerOf, controllerReference } from './ownership';
import { createPod } from './podFactory';

const REVISION_LABEL = 'controller-revision-hash';

/** Keeps the pods of Kruise's CloneSets, which it owns itself, and replaces them one at a time. */
export function startCloneSetController(cluster: Cluster) {
  const enqueue = (namespace: string | undefined, name: string) =>
    cluster.queue.add(`cloneset ${namespace}/${name}`, () =>
      reconcile(cluster, namespace, name),
    );
  cluster.onChange(({ resource, object }) => {
    const { namespace, name } = object.metadata;
    if (resource === (CLONE_SETS as Resource)) {
      enqueue(namespace, name);
    } else if (resource === (PODS as Resource)) {
      const owner = controllerOf(object);
      if (owner?.kind === CLONE_SETS.kind) {
        enqueue(namespace, owner.name);
      }
    }
  });
}

/** The name of a CloneSet's present revision. */
export function cloneSetRevision(set: {
  metadata: { name?: string };
  spec: ReplicaOwner['spec'];
}): string {
  return `${set.metadata.name}-${templateHash(set.spec.template)}`;
}

/** The labels of a pod of this revision. */
export function cloneSetPodLabels(revision: string) {
  return { [REVISION_LABEL]: revision };
}

/** The status of a CloneSet with these live pods. */
export function cloneSetStatus(
  set: ReplicaOwner,
  pods: { total: number; ready: number; updated: number },
): ReplicaOwner['status'] {
  const revision = cloneSetRevision(set);
  return {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.total,
    readyReplicas: pods.ready,
    availableReplicas: pods.ready,
    updatedReplicas: pods.updated,
    updateRevision: revision,
    currentRevision:
      pods.updated === pods.total ? revision : set.status?.currentRevision,
  };
}

function reconcile(
  cluster: Cluster,
  namespace: string | undefined,
  name: string,
) {
  const { store } = cluster;
  const set = store.get(CLONE_SETS, namespace, name);
  if (!set || set.metadata.deletionTimestamp || !set.spec.template) {
    return;
  }
  const revision = cloneSetRevision(set);
  const live = () => store.ownedBy(PODS, set.metadata.uid).filter(isActive);
  const isCurrent = (pod: Pod) =>
    pod.metadata.labels?.[REVISION_LABEL] === revision;
  const desired = set.spec.replicas ?? 1;
  const pods = live();
  for (let count = pods.length; count < desired; count += 1) {
    createPod(cluster, {
      again: () => reconcile(cluster, namespace, name),
      namespace: namespace!,
      generateName: `${name}-`,
      template: set.spec.template,
      owner: controllerReference(CLONE_SETS, set),
      labels: cloneSetPodLabels(revision),
    });
  }
  pods.slice(desired).forEach(pod => deletePod(cluster, pod));
  const outdated = pods.slice(0, desired).find(pod => !isCurrent(pod));
  if (outdated && !set.spec.paused && live().every(isReady)) {
    deletePod(cluster, outdated);
  }
  const now = live();
  store.update(CLONE_SETS, namespace, name, each => ({
    ...each,
    status: cloneSetStatus(each, {
      total: now.length,
      ready: now.filter(isReady).length,
      updated: now.filter(isCurrent).length,
    }),
  }));
}
