import type { Cluster } from '../cluster/Cluster';
import { isActive, isReady } from '../kubernetes/pods';
import { resolveCount } from '../kubernetes/quantities';
import {
  DEPLOYMENT_CONFIGS,
  PODS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  ROLLOUTS,
  type Resource,
} from '../kubernetes/resources';
import type {
  Draft,
  PodTemplate,
  ReplicaOwner,
  ReplicaSet,
  ReplicationController,
  StringMap,
} from '../kubernetes/types';
import { templateHash } from './deployment';
import { deletePod } from './kubelet';
import { controllerOf, controllerReference } from './ownership';
import { planRollingUpdate } from './rolloutPlan';

type PodKeeper = ReplicaSet | ReplicationController;

/** How a kind of another maker differs from a Deployment. */
interface Style {
  resource: Resource<ReplicaOwner>;
  keeper: Resource<PodKeeper>;
  /** The label by which the pods of one template are told from those of another. */
  hashLabel: string;
  /** What the name of the keeper of a template ends with. */
  suffix(keepers: PodKeeper[], hash: string): string;
  /** What the status tells besides the counts. */
  status(
    owner: ReplicaOwner,
    facts: { hash: string; keepers: number; complete: boolean },
  ): object;
}

const ROLLOUT: Style = {
  resource: ROLLOUTS,
  keeper: REPLICA_SETS as Resource<PodKeeper>,
  hashLabel: 'rollouts-pod-template-hash',
  suffix: (_, hash) => hash,
  status: ({ metadata, spec }, { hash, complete }) => ({
    // Argo writes the generation as text.
    observedGeneration: String(metadata.generation ?? 1),
    currentPodHash: hash,
    ...(complete && { stableRS: hash }),
    phase: phaseOf(spec, complete),
  }),
};

const DEPLOYMENT_CONFIG: Style = {
  resource: DEPLOYMENT_CONFIGS,
  keeper: REPLICATION_CONTROLLERS as Resource<PodKeeper>,
  hashLabel: 'deployment',
  suffix: keepers => String(keepers.length + 1),
  status: ({ metadata }, { keepers }) => ({
    observedGeneration: metadata.generation ?? 1,
    latestVersion: keepers,
  }),
};

const STYLES = [ROLLOUT, DEPLOYMENT_CONFIG];
const HASH_ANNOTATION = 'lab/pod-template-hash';

/** Rolls Argo's Rollouts and OpenShift's DeploymentConfigs as their makers' controllers do. */
export function startReplicaOwnerController(cluster: Cluster) {
  const enqueue = (style: Style, namespace: string | undefined, name: string) =>
    cluster.queue.add(`${style.resource.plural} ${namespace}/${name}`, () =>
      reconcile(cluster, style, namespace, name),
    );
  cluster.onChange(({ resource, object }) => {
    const { namespace, name } = object.metadata;
    for (const style of STYLES) {
      const owner = controllerOf(object);
      if (resource === (style.resource as Resource)) {
        enqueue(style, namespace, name);
      } else if (
        resource === (style.keeper as Resource) &&
        owner?.kind === style.resource.kind
      ) {
        enqueue(style, namespace, owner.name);
      }
    }
  });
}

/** The first ReplicaSet or ReplicationController of an owner, and how its pods are labelled. */
export function firstKeeperOf(owner: ReplicaOwner): {
  resource: Resource<PodKeeper>;
  draft: Draft<PodKeeper>;
} {
  const style = STYLES.find(({ resource }) => resource.kind === owner.kind)!;
  return {
    resource: style.keeper,
    draft: keeperFor(style, owner, {
      keepers: [],
      replicas: owner.spec.replicas ?? 1,
    }),
  };
}

/** The status of an owner whose pods all run its present template. */
export function settledStatus(owner: ReplicaOwner): ReplicaOwner['status'] {
  const style = STYLES.find(({ resource }) => resource.kind === owner.kind)!;
  const replicas = owner.spec.replicas ?? 1;
  return {
    ...counts({ replicas, updated: replicas, ready: replicas }),
    ...style.status(owner, {
      hash: templateHash(owner.spec.template),
      keepers: 1,
      complete: true,
    }),
  };
}

function phaseOf({ paused }: ReplicaOwner['spec'], complete: boolean): string {
  if (complete) {
    return 'Healthy';
  }
  return paused ? 'Paused' : 'Progressing';
}

function counts(of: { replicas: number; updated: number; ready: number }) {
  return {
    replicas: of.replicas,
    updatedReplicas: of.updated,
    readyReplicas: of.ready,
    availableReplicas: of.ready,
  };
}

function keeperFor(
  style: Style,
  owner: ReplicaOwner,
  options: { keepers: PodKeeper[]; replicas: number },
): Draft<PodKeeper> {
  const { name, namespace } = owner.metadata;
  const hash = templateHash(owner.spec.template);
  const keeperName = `${name}-${style.suffix(options.keepers, hash)}`;
  const label = {
    [style.hashLabel]: style === DEPLOYMENT_CONFIG ? keeperName : hash,
  };
  const template: PodTemplate = {
    ...owner.spec.template,
    metadata: {
      ...owner.spec.template.metadata,
      labels: { ...owner.spec.template.metadata?.labels, ...label },
    },
  };
  return {
    apiVersion: style.keeper.group ? 'apps/v1' : 'v1',
    kind: style.keeper.kind,
    metadata: {
      name: keeperName,
      namespace,
      labels: template.metadata?.labels,
      annotations: { [HASH_ANNOTATION]: hash },
      ownerReferences: [controllerReference(style.resource, owner)],
    },
    spec: {
      replicas: options.replicas,
      selector: selectorOf(style, owner, label),
      template,
    },
  } as Draft<PodKeeper>;
}

/** A ReplicationController selects by plain labels, a ReplicaSet by a selector. */
function selectorOf(style: Style, owner: ReplicaOwner, label: StringMap) {
  const { selector = {} } = owner.spec;
  const own = (
    'matchLabels' in selector ? selector.matchLabels : selector
  ) as StringMap;
  const labels = { ...own, ...label };
  return style === DEPLOYMENT_CONFIG ? labels : { matchLabels: labels };
}

function reconcile(
  cluster: Cluster,
  style: Style,
  namespace: string | undefined,
  name: string,
) {
  const { store } = cluster;
  const owner = store.get(style.resource, namespace, name);
  if (!owner || owner.metadata.deletionTimestamp || !owner.spec.template) {
    return;
  }
  const hash = templateHash(owner.spec.template);
  let keepers = store.ownedBy(style.keeper, owner.metadata.uid);
  let current = keepers.find(
    each => each.metadata.annotations?.[HASH_ANNOTATION] === hash,
  );
  if (!owner.spec.paused) {
    if (!current) {
      current = store.create(
        style.keeper,
        keeperFor(style, owner, { keepers, replicas: 0 }),
      );
      keepers = [...keepers, current];
    }
    roll(cluster, style, owner, current, keepers);
  }
  const restartedAt =
    style === ROLLOUT && current && !owner.spec.paused
      ? restartOldPods(cluster, owner, current)
      : undefined;
  writeStatus(cluster, style, { owner, hash, current, keepers, restartedAt });
}

function roll(
  cluster: Cluster,
  style: Style,
  owner: ReplicaOwner,
  current: PodKeeper,
  keepers: PodKeeper[],
) {
  const desired = owner.spec.replicas ?? 1;
  const stateOf = (each: PodKeeper) => ({
    name: each.metadata.name,
    replicas: each.spec.replicas ?? 0,
    available: Math.min(
      each.status?.availableReplicas ?? 0,
      each.spec.replicas ?? 0,
    ),
  });
  const old = keepers.filter(
    each => each.metadata.uid !== current.metadata.uid && each.spec.replicas,
  );
  const sizes = planRollingUpdate({
    desired,
    maxSurge: resolveCount('25%', desired, 'up'),
    maxUnavailable: resolveCount('25%', desired, 'down'),
    current: stateOf(current),
    old: old.map(stateOf),
  });
  for (const [name, replicas] of sizes) {
    cluster.store.update(
      style.keeper,
      owner.metadata.namespace,
      name,
      each => ({ ...each, spec: { ...each.spec, replicas } } as PodKeeper),
    );
  }
}

/**
 * Argo deletes what is older than `restartAt`, one pod at a time; answers that time when nothing
 * older is left.
 */
function restartOldPods(
  cluster: Cluster,
  owner: ReplicaOwner,
  current: PodKeeper,
): string | undefined {
  const { restartAt } = owner.spec;
  // Kubernetes knows whole seconds.
  const due = Math.floor(Date.parse(restartAt ?? '') / 1000) * 1000;
  if (!restartAt || due > cluster.clock.date.getTime()) {
    return undefined;
  }
  const pods = cluster.store
    .ownedBy(PODS, current.metadata.uid)
    .filter(isActive);
  const outdated = pods.find(
    ({ metadata }) => Date.parse(metadata.creationTimestamp) < due,
  );
  if (outdated && pods.every(isReady)) {
    deletePod(cluster, outdated);
  }
  return outdated ? undefined : restartAt;
}

function writeStatus(
  cluster: Cluster,
  style: Style,
  facts: {
    owner: ReplicaOwner;
    hash: string;
    current: PodKeeper | undefined;
    keepers: PodKeeper[];
    restartedAt: string | undefined;
  },
) {
  const { owner, hash, current, keepers, restartedAt } = facts;
  const { namespace, name } = owner.metadata;
  const desired = owner.spec.replicas ?? 1;
  const total = (read: (each: PodKeeper) => number | undefined) =>
    keepers.reduce((sum, each) => sum + (read(each) ?? 0), 0);
  const replicas = total(each => each.status?.replicas);
  const ready = total(each => each.status?.readyReplicas);
  const updated = current?.status?.replicas ?? 0;
  const complete =
    updated === desired && replicas === desired && ready >= desired;
  cluster.store.update(style.resource, namespace, name, each => ({
    ...each,
    status: {
      ...each.status,
      ...counts({ replicas, updated, ready }),
      ...style.status(each, { hash, keepers: keepers.length, complete }),
      ...(restartedAt && { restartedAt }),
    },
  }));
}
