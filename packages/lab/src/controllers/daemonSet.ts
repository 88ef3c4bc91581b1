import type { Cluster } from '../cluster/Cluster';
import { isActive, isReady, isTerminating } from '../kubernetes/pods';
import { resolveCount } from '../kubernetes/quantities';
import {
  DAEMON_SETS,
  NODES,
  PODS,
  type Resource,
} from '../kubernetes/resources';
import type { DaemonSet, Pod } from '../kubernetes/types';
import { templateHash } from './deployment';
import { deletePod } from './kubelet';
import { controllerOf, controllerReference } from './ownership';
import { createPod } from './podFactory';

const REVISION_LABEL = 'controller-revision-hash';

/** Keeps one pod of every DaemonSet on each node. */
export function startDaemonSetController(cluster: Cluster) {
  const enqueue = (namespace: string | undefined, name: string) =>
    cluster.queue.add(`daemonset ${namespace}/${name}`, () =>
      reconcile(cluster, namespace, name),
    );
  cluster.onChange(({ resource, object }) => {
    if (resource === (DAEMON_SETS as Resource)) {
      enqueue(object.metadata.namespace, object.metadata.name);
    } else if (resource === (PODS as Resource)) {
      const owner = controllerOf(object);
      if (owner?.kind === 'DaemonSet') {
        enqueue(object.metadata.namespace, owner.name);
      }
    }
  });
}

/** The revision label of a DaemonSet's present template. */
export function daemonSetRevision(set: { spec: DaemonSet['spec'] }): string {
  return templateHash(set.spec.template);
}

function reconcile(
  cluster: Cluster,
  namespace: string | undefined,
  name: string,
) {
  const set = cluster.store.get(DAEMON_SETS, namespace, name);
  if (!set || set.metadata.deletionTimestamp) {
    return;
  }
  const nodes = cluster.store.list(NODES).map(node => node.metadata.name);
  const revision = daemonSetRevision(set);
  placePods(cluster, set, nodes, revision);
  replaceOutdated(cluster, set, nodes, revision);
  writeStatus(cluster, set, nodes, revision);
}

function livePods(cluster: Cluster, set: DaemonSet): Pod[] {
  return cluster.store.ownedBy(PODS, set.metadata.uid).filter(isActive);
}

function placePods(
  cluster: Cluster,
  set: DaemonSet,
  nodes: string[],
  revision: string,
) {
  const { namespace, name, uid } = set.metadata;
  const taken = new Set(
    cluster.store.ownedBy(PODS, uid).map(({ spec }) => spec.nodeName),
  );
  nodes
    .filter(node => !taken.has(node))
    .forEach(nodeName =>
      createPod(cluster, {
        again: () => reconcile(cluster, namespace, name),
        namespace: namespace!,
        generateName: `${name}-`,
        template: set.spec.template,
        owner: controllerReference(DAEMON_SETS, set),
        labels: { [REVISION_LABEL]: revision },
        nodeName,
      }),
    );
}

function replaceOutdated(
  cluster: Cluster,
  set: DaemonSet,
  nodes: string[],
  revision: string,
) {
  if (set.spec.updateStrategy?.type === 'OnDelete') {
    return;
  }
  const pods = livePods(cluster, set);
  const allowed = Math.max(
    1,
    resolveCount(
      set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1,
      nodes.length,
      'up',
    ),
  );
  const available = pods.filter(isReady).length;
  const outdated = pods.filter(
    pod => pod.metadata.labels?.[REVISION_LABEL] !== revision,
  );
  // Broken outdated pods cost no availability.
  outdated.filter(pod => !isReady(pod)).forEach(pod => deletePod(cluster, pod));
  const budget = Math.max(0, allowed - (nodes.length - available));
  outdated
    .filter(isReady)
    .slice(0, budget)
    .forEach(pod => deletePod(cluster, pod));
}

function writeStatus(
  cluster: Cluster,
  set: DaemonSet,
  nodes: string[],
  revision: string,
) {
  const { namespace, name } = set.metadata;
  const pods = livePods(cluster, set).filter(pod => !isTerminating(pod));
  const ready = pods.filter(isReady).length;
  const updated = pods.filter(
    pod => pod.metadata.labels?.[REVISION_LABEL] === revision,
  ).length;
  const missing = nodes.length - ready;
  cluster.store.update(DAEMON_SETS, namespace, name, each => ({
    ...each,
    status: {
      observedGeneration: each.metadata.generation,
      currentNumberScheduled: pods.length,
      desiredNumberScheduled: nodes.length,
      numberMisscheduled: 0,
      numberReady: ready,
      ...(ready && { numberAvailable: ready }),
      ...(missing && { numberUnavailable: missing }),
      ...(updated && { updatedNumberScheduled: updated }),
    },
  }));
}
