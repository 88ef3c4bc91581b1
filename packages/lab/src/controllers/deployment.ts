import type { Cluster } from '../cluster/Cluster';
import { withCondition } from '../kubernetes/conditions';
import { resolveCount } from '../kubernetes/quantities';
import {
  DEPLOYMENTS,
  REPLICA_SETS,
  type Resource,
} from '../kubernetes/resources';
import type { Condition, Deployment, ReplicaSet } from '../kubernetes/types';
import { hashName } from '../random';
import { controllerOf, controllerReference } from './ownership';
import { planRollingUpdate } from './rolloutPlan';

export const POD_TEMPLATE_HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';
const DEFAULT_DEADLINE_SECONDS = 600;

/** Keeps the ReplicaSets of every Deployment in step with its template. */
export function startDeploymentController(cluster: Cluster) {
  cluster.onChange(({ resource, object }) => {
    if (resource === (DEPLOYMENTS as Resource)) {
      enqueue(cluster, object.metadata.namespace, object.metadata.name);
    } else if (resource === (REPLICA_SETS as Resource)) {
      const owner = controllerOf(object);
      if (owner?.kind === 'Deployment') {
        enqueue(cluster, object.metadata.namespace, owner.name);
      }
    }
  });
}

/** The value of `pod-template-hash` for a template. */
export function templateHash(template: unknown): string {
  return hashName(JSON.stringify(template));
}

/** The ReplicaSet a Deployment creates for its present template. */
export function replicaSetFor(
  deployment: Deployment,
  options: { replicas: number; revision: number },
) {
  const hash = templateHash(deployment.spec.template);
  const { template, selector } = deployment.spec;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels: { ...template.metadata?.labels, [POD_TEMPLATE_HASH]: hash },
      annotations: { [REVISION]: String(options.revision) },
      ownerReferences: [controllerReference(DEPLOYMENTS, deployment)],
    },
    spec: {
      replicas: options.replicas,
      selector: {
        ...selector,
        matchLabels: { ...selector.matchLabels, [POD_TEMPLATE_HASH]: hash },
      },
      template: {
        ...template,
        metadata: {
          ...template.metadata,
          labels: { ...template.metadata?.labels, [POD_TEMPLATE_HASH]: hash },
        },
      },
    },
  };
}

function enqueue(
  cluster: Cluster,
  namespace: string | undefined,
  name: string,
) {
  cluster.queue.add(`deployment ${namespace}/${name}`, () =>
    reconcile(cluster, namespace, name),
  );
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function reconcile(
  cluster: Cluster,
  namespace: string | undefined,
  name: string,
) {
  const { store } = cluster;
  const deployment = store.get(DEPLOYMENTS, namespace, name);
  if (!deployment || deployment.metadata.deletionTimestamp) {
    return;
  }
  const hash = templateHash(deployment.spec.template);
  let sets = store
    .ownedBy(REPLICA_SETS, deployment.metadata.uid)
    .sort((a, b) => revisionOf(a) - revisionOf(b));
  const hashOf = (set: ReplicaSet) => set.metadata.labels?.[POD_TEMPLATE_HASH];
  let current = sets.find(set => hashOf(set) === hash);
  const newest = sets.length > 0 ? revisionOf(sets[sets.length - 1]) : 0;
  if (!deployment.spec.paused) {
    if (!current) {
      current = store.create(
        REPLICA_SETS,
        replicaSetFor(deployment, { replicas: 0, revision: newest + 1 }),
      );
      sets = [...sets, current];
    } else if (revisionOf(current) < newest) {
      current = annotateRevision(cluster, current, newest + 1);
    }
    const annotated = current;
    roll(
      cluster,
      deployment,
      annotated,
      sets.filter(set => set.metadata.uid !== annotated.metadata.uid),
    );
    markRevision(cluster, deployment, revisionOf(annotated));
  }
  writeStatus(cluster, deployment, hash);
}

function annotateRevision(
  cluster: Cluster,
  set: ReplicaSet,
  revision: number,
): ReplicaSet {
  return cluster.store.update(
    REPLICA_SETS,
    set.metadata.namespace,
    set.metadata.name,
    each => ({
      ...each,
      metadata: {
        ...each.metadata,
        annotations: {
          ...each.metadata.annotations,
          [REVISION]: String(revision),
        },
      },
    }),
  );
}

function markRevision(
  cluster: Cluster,
  deployment: Deployment,
  revision: number,
) {
  const { namespace, name } = deployment.metadata;
  cluster.store.update(DEPLOYMENTS, namespace, name, each => ({
    ...each,
    metadata: {
      ...each.metadata,
      annotations: {
        ...each.metadata.annotations,
        [REVISION]: String(revision),
      },
    },
  }));
}

function roll(
  cluster: Cluster,
  deployment: Deployment,
  current: ReplicaSet,
  old: ReplicaSet[],
) {
  const { replicas: desired = 1, strategy } = deployment.spec;
  const oldAlive = old.filter(
    set => (set.spec.replicas ?? 0) > 0 || (set.status?.replicas ?? 0) > 0,
  );
  if (strategy?.type === 'Recreate') {
    oldAlive.forEach(set => resize(cluster, set, 0));
    if (oldAlive.length === 0) {
      resize(cluster, current, desired);
    }
    return;
  }
  const { maxSurge = '25%', maxUnavailable = '25%' } =
    strategy?.rollingUpdate ?? {};
  const surge = resolveCount(maxSurge, desired, 'up');
  const unavailable = resolveCount(maxUnavailable, desired, 'down');
  const stateOf = (set: ReplicaSet) => ({
    name: set.metadata.name,
    replicas: set.spec.replicas ?? 0,
    available: Math.min(
      set.status?.availableReplicas ?? 0,
      set.spec.replicas ?? 0,
    ),
  });
  const sizes = planRollingUpdate({
    desired,
    maxSurge: surge,
    // With neither surge nor unavailability nothing could move.
    maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable,
    current: stateOf(current),
    old: oldAlive.map(stateOf),
  });
  [current, ...oldAlive].forEach(set => {
    const size = sizes.get(set.metadata.name);
    if (size !== undefined) {
      resize(cluster, set, size);
    }
  });
}

function resize(cluster: Cluster, set: ReplicaSet, replicas: number) {
  const { namespace, name } = set.metadata;
  cluster.store.update(REPLICA_SETS, namespace, name, each => ({
    ...each,
    spec: { ...each.spec, replicas },
  }));
}

function writeStatus(cluster: Cluster, deployment: Deployment, hash: string) {
  const { namespace, name } = deployment.metadata;
  const sets = cluster.store.ownedBy(REPLICA_SETS, deployment.metadata.uid);
  const now = cluster.clock.now();
  let waiting = false;
  cluster.store.update(DEPLOYMENTS, namespace, name, each => {
    const next = rolloutStatus(each, sets, hash, now);
    waiting = next.conditions!.some(
      ({ type, reason }) =>
        type === 'Progressing' && reason === 'ReplicaSetUpdated',
    );
    return { ...each, status: next };
  });
  if (waiting) {
    const deadline =
      deployment.spec.progressDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS;
    cluster.queue.add(
      `deadline of ${namespace}/${name}`,
      () => enqueue(cluster, namespace, name),
      (deadline + 1) * 1000,
    );
  }
}

/** The status of a Deployment, from its ReplicaSets; `now` decides about the progress deadline. */
export function rolloutStatus(
  deployment: Deployment,
  sets: ReplicaSet[],
  hash: string,
  now: string,
): NonNullable<Deployment['status']> {
  const desired = deployment.spec.replicas ?? 1;
  const total = (read: (set: ReplicaSet) => number | undefined) =>
    sets.reduce((count, set) => count + (read(set) ?? 0), 0);
  const replicas = total(set => set.status?.replicas);
  const available = total(set => set.status?.availableReplicas);
  const ready = total(set => set.status?.readyReplicas);
  const current = sets.find(
    set => set.metadata.labels?.[POD_TEMPLATE_HASH] === hash,
  );
  const updated = current?.status?.replicas ?? 0;
  const unavailable = Math.max(0, Math.max(desired, replicas) - available);
  const previous = deployment.status;
  const complete =
    updated === desired && replicas === desired && available >= desired;
  const moved =
    previous?.updatedReplicas !== (updated || undefined) ||
    previous?.availableReplicas !== (available || undefined) ||
    previous?.replicas !== (replicas || undefined) ||
    previous?.observedGeneration !== deployment.metadata.generation;
  const enough = available >= desired - toleratedAbsence(deployment, desired);
  let conditions = withCondition(previous?.conditions, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
    lastTransitionTime: now,
    lastUpdateTime: now,
  });
  conditions = keepUpdateTime(previous?.conditions, conditions, 'Available');
  if (!deployment.spec.paused) {
    conditions = withCondition(
      conditions,
      progressing(deployment, {
        now,
        complete,
        moved,
        set: current?.metadata.name ?? '',
      }),
    );
  }
  // The failure of a ReplicaSet shows on the Deployment as long as it lasts.
  const failure = sets
    .flatMap(set => set.status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure');
  conditions = [
    ...conditions.filter(({ type }) => type !== 'ReplicaFailure'),
    ...(failure ? [failure] : []),
  ];
  return {
    observedGeneration: deployment.metadata.generation,
    ...(replicas && { replicas }),
    ...(updated && { updatedReplicas: updated }),
    ...(ready && { readyReplicas: ready }),
    ...(available && { availableReplicas: available }),
    ...(unavailable && { unavailableReplicas: unavailable }),
    conditions,
  };
}

function toleratedAbsence(deployment: Deployment, desired: number): number {
  const { strategy } = deployment.spec;
  return strategy?.type === 'Recreate'
    ? 0
    : resolveCount(
        strategy?.rollingUpdate?.maxUnavailable ?? '25%',
        desired,
        'down',
      );
}

function keepUpdateTime(
  before: Condition[] | undefined,
  after: Condition[],
  type: string,
): Condition[] {
  const old = before?.find(each => each.type === type);
  return after.map(each =>
    each.type === type && old?.status === each.status
      ? { ...each, lastUpdateTime: old.lastUpdateTime }
      : each,
  );
}

function progressing(
  deployment: Deployment,
  facts: { now: string; complete: boolean; moved: boolean; set: string },
): Condition & { lastTransitionTime: string } {
  const { now, complete, moved, set } = facts;
  const previous = deployment.status?.conditions?.find(
    ({ type }) => type === 'Progressing',
  );
  const since = moved ? now : previous?.lastUpdateTime ?? now;
  const base = { type: 'Progressing', lastTransitionTime: now };
  if (complete) {
    return {
      ...base,
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "${set}" has successfully progressed.`,
      lastUpdateTime: since,
    };
  }
  const deadline =
    deployment.spec.progressDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS;
  if (Date.parse(now) - Date.parse(since) > deadline * 1000) {
    return {
      ...base,
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${set}" has timed out progressing.`,
      lastUpdateTime: since,
    };
  }
  return {
    ...base,
    status: 'True',
    reason: 'ReplicaSetUpdated',
    message: `ReplicaSet "${set}" is progressing.`,
    lastUpdateTime: since,
  };
}
