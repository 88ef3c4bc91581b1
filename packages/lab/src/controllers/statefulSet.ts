import type { Cluster } from '../cluster/Cluster';
import { isCompleted, isReady, isTerminating } from '../kubernetes/pods';
import { PODS, STATEFUL_SETS, type Resource } from '../kubernetes/resources';
import type { Pod, PodTemplate, StatefulSet } from '../kubernetes/types';
import { templateHash } from './deployment';
import { deletePod } from './kubelet';
import { controllerOf, controllerReference } from './ownership';
import { createPod } from './podFactory';

const REVISION_LABEL = 'controller-revision-hash';

/** Keeps the numbered pods of every StatefulSet, one at a time, the highest number first. */
export function startStatefulSetController(cluster: Cluster) {
  const templates = new Map<string, PodTemplate>();
  const enqueue = (namespace: string | undefined, name: string) =>
    cluster.queue.add(`statefulset ${namespace}/${name}`, () =>
      reconcile(cluster, templates, namespace, name),
    );
  cluster.onChange(({ resource, object, previous }) => {
    if (resource === (STATEFUL_SETS as Resource)) {
      if (previous) {
        rememberTemplate(templates, previous as StatefulSet);
      }
      enqueue(object.metadata.namespace, object.metadata.name);
    } else if (resource === (PODS as Resource)) {
      const owner = controllerOf(object);
      if (owner?.kind === 'StatefulSet') {
        enqueue(object.metadata.namespace, owner.name);
      }
    }
  });
}

/** The name of a StatefulSet's present revision. */
export function statefulSetRevision(set: {
  metadata: { name?: string };
  spec: StatefulSet['spec'];
}): string {
  return `${set.metadata.name}-${templateHash(set.spec.template)}`;
}

/** Pods below a partition are made anew from the template they had. */
function rememberTemplate(
  templates: Map<string, PodTemplate>,
  set: StatefulSet,
) {
  templates.set(
    `${set.metadata.uid} ${statefulSetRevision(set)}`,
    set.spec.template,
  );
}

function reconcile(
  cluster: Cluster,
  templates: Map<string, PodTemplate>,
  namespace: string | undefined,
  name: string,
) {
  const { store } = cluster;
  const set = store.get(STATEFUL_SETS, namespace, name);
  if (!set || set.metadata.deletionTimestamp) {
    return;
  }
  const update = statefulSetRevision(set);
  const current = set.status?.currentRevision ?? update;
  step(cluster, set, { update, current, templates });
  writeStatus(cluster, set, { update, current });
}

function ordinalOf(pod: Pod): number {
  return Number(
    pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1),
  );
}

function podsOf(cluster: Cluster, set: StatefulSet): Pod[] {
  return cluster.store
    .ownedBy(PODS, set.metadata.uid)
    .sort((a, b) => ordinalOf(a) - ordinalOf(b));
}

/** Does the one next thing: the next step follows when this one has shown in the pods. */
function step(
  cluster: Cluster,
  set: StatefulSet,
  revisions: {
    update: string;
    current: string;
    templates: Map<string, PodTemplate>;
  },
) {
  const { namespace, name, uid } = set.metadata;
  const { replicas = 1, updateStrategy } = set.spec;
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  const pods = podsOf(cluster, set);
  for (const pod of pods.filter(isCompleted)) {
    deletePod(cluster, pod);
    return;
  }
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
    const pod = pods.find(each => ordinalOf(each) === ordinal);
    if (!pod) {
      const revision =
        ordinal < partition ? revisions.current : revisions.update;
      createPod(cluster, {
        again: () => reconcile(cluster, revisions.templates, namespace, name),
        namespace: namespace!,
        name: `${name}-${ordinal}`,
        template:
          revisions.templates.get(`${uid} ${revision}`) ?? set.spec.template,
        owner: controllerReference(STATEFUL_SETS, set),
        labels: {
          'statefulset.kubernetes.io/pod-name': `${name}-${ordinal}`,
          'apps.kubernetes.io/pod-index': String(ordinal),
          [REVISION_LABEL]: revision,
        },
      });
      return;
    }
    if (isTerminating(pod)) {
      return;
    }
    if (!isReady(pod)) {
      // A broken pod of an old revision is replaced; one of the new revision is waited for.
      if (
        pod.metadata.labels?.[REVISION_LABEL] === revisions.update ||
        updateStrategy?.type === 'OnDelete' ||
        ordinal < partition
      ) {
        return;
      }
    }
  }
  const surplus = pods.filter(pod => ordinalOf(pod) >= replicas).reverse();
  if (surplus.length) {
    deletePod(cluster, surplus[0]);
    return;
  }
  if (updateStrategy?.type === 'OnDelete') {
    return;
  }
  const outdated = pods
    .filter(pod => ordinalOf(pod) >= partition)
    .filter(pod => pod.metadata.labels?.[REVISION_LABEL] !== revisions.update)
    .reverse();
  if (outdated.length) {
    deletePod(cluster, outdated[0]);
  }
}

function writeStatus(
  cluster: Cluster,
  set: StatefulSet,
  revisions: { update: string; current: string },
) {
  const { namespace, name } = set.metadata;
  const pods = podsOf(cluster, set).filter(pod => !isTerminating(pod));
  const ready = pods.filter(isReady).length;
  const withRevision = (revision: string) =>
    pods.filter(pod => pod.metadata.labels?.[REVISION_LABEL] === revision)
      .length;
  const updated = withRevision(revisions.update);
  const finished = updated === (set.spec.replicas ?? 1) && ready === updated;
  const current = finished ? revisions.update : revisions.current;
  const currentReplicas = withRevision(current);
  cluster.store.update(STATEFUL_SETS, namespace, name, each => ({
    ...each,
    status: {
      observedGeneration: each.metadata.generation,
      replicas: pods.length,
      ...(ready && { readyReplicas: ready }),
      availableReplicas: ready,
      ...(currentReplicas && { currentReplicas }),
      ...(updated && { updatedReplicas: updated }),
      currentRevision: current,
      updateRevision: revisions.update,
    },
  }));
}
