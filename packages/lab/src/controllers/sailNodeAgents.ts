import type { Cluster } from '../cluster/Cluster';
import {
  applyNodeAgent,
  findNodeAgent,
  type NodeAgent,
  type NodeAgentKind,
} from '../controlPlane/nodeAgents';
import { recordRelease } from '../controlPlane/releases';
import { isEndOfLife, resolveVersion } from '../controlPlane/sailVersions';
import {
  DAEMON_SETS,
  ISTIO_CNIS,
  ISTIO_REVISIONS,
  ISTIOS,
  ZTUNNELS,
  type Resource,
} from '../kubernetes/resources';
import type {
  Condition,
  DaemonSet,
  Istio,
  SailStatus,
} from '../kubernetes/types';
import { controllerReference } from './ownership';

/** How long the operator takes for one reconciliation, in milliseconds of lab time. */
const RECONCILE_DELAY = 300;

const AGENTS: ReadonlyArray<{
  kind: NodeAgentKind;
  resource: Resource<Istio>;
}> = [
  { kind: 'cni', resource: ISTIO_CNIS },
  { kind: 'ztunnel', resource: ZTUNNELS },
];

/** The Sail operator's part on the nodes: keeps the agents at the version their object asks for. */
export function startSailNodeAgents(cluster: Cluster) {
  cluster.onChange(({ resource, type, object, previous }) => {
    for (const agent of AGENTS) {
      const { name } = object.metadata;
      const enqueue = (work: () => void) =>
        cluster.queue.add(
          `${agent.resource.plural} ${name}`,
          work,
          RECONCILE_DELAY,
        );
      const isAsked =
        resource === (agent.resource as Resource) &&
        type !== 'DELETED' &&
        (type === 'ADDED' || previous!.spec !== object.spec);
      if (isAsked) {
        enqueue(() => reconcile(cluster, agent, name));
      }
    }
    if (resource === (DAEMON_SETS as Resource) && type === 'MODIFIED') {
      reportReadiness(cluster, object as DaemonSet);
    }
  });
}

/** The DaemonSet that an object asks for. */
export function sailNodeAgent(
  kind: NodeAgentKind,
  resource: Resource<Istio>,
  object: Istio,
): NodeAgent {
  const { values, version = '', namespace } = object.spec;
  return {
    kind,
    namespace: namespace ?? (kind === 'cni' ? 'istio-cni' : 'ztunnel'),
    hub: values?.cni?.hub ?? values?.hub ?? values?.global?.hub ?? '',
    version:
      values?.cni?.tag ??
      values?.tag ??
      values?.global?.tag ??
      resolveVersion(version),
    release: `${object.metadata.name}-${kind}`,
    owner: controllerReference(resource, object),
  };
}

/** The status of an object whose DaemonSet has this many pods ready. */
export function nodeAgentStatus(options: {
  generation: number | undefined;
  now: string;
  set: DaemonSet | undefined;
}): SailStatus {
  const { set, generation, now } = options;
  const desired = set?.status?.desiredNumberScheduled ?? 0;
  const ready = set?.status?.numberReady ?? 0;
  const isReady = set?.status !== undefined && ready === desired;
  return {
    observedGeneration: generation,
    state: isReady ? 'Healthy' : 'DaemonSetNotReady',
    conditions: [
      condition('Reconciled', now),
      isReady
        ? condition('Ready', now)
        : {
            type: 'Ready',
            status: 'False',
            reason: 'DaemonSetNotReady',
            message: `not all ${set?.metadata.name ?? ''} pods are ready`,
            lastTransitionTime: now,
          },
    ],
  };
}

function condition(type: string, now: string): Condition {
  return { type, status: 'True', reason: type, lastTransitionTime: now };
}

function reconcile(
  cluster: Cluster,
  { kind, resource }: (typeof AGENTS)[number],
  name: string,
) {
  const object = cluster.store.get(resource, undefined, name);
  if (!object) {
    return;
  }
  const { version = '' } = object.spec;
  if (isEndOfLife(version)) {
    refuse(cluster, resource, object);
    return;
  }
  const agent = withHub(cluster, sailNodeAgent(kind, resource, object));
  applyNodeAgent(cluster, agent);
  recordRelease(cluster, {
    name: agent.release,
    namespace: agent.namespace,
    chart: kind,
    version: agent.version,
    config: object.spec.values ?? {},
  });
  writeStatus(cluster, resource, object, findNodeAgent(cluster, kind));
}

/** Who gives no hub gets the one that the control plane uses. */
function withHub(cluster: Cluster, agent: NodeAgent): NodeAgent {
  const istio =
    cluster.store.list(ISTIOS)[0] ?? cluster.store.list(ISTIO_REVISIONS)[0];
  return {
    ...agent,
    hub: agent.hub || istio?.spec.values?.global?.hub || '',
  };
}

function refuse(cluster: Cluster, resource: Resource<Istio>, object: Istio) {
  const now = cluster.clock.now();
  const { name, generation } = object.metadata;
  cluster.store.update(resource, undefined, name, each => ({
    ...each,
    status: {
      ...each.status,
      observedGeneration: generation,
      state: 'ReconcileError',
      conditions: [
        {
          type: 'Reconciled',
          status: 'False',
          reason: 'ReconcileError',
          message: `validation error: version "${object.spec.version}" is end-of-life and cannot be installed; use a supported version`,
          lastTransitionTime: now,
        },
      ],
    },
  }));
}

/** The object that owns a DaemonSet tells whether its pods are ready. */
function reportReadiness(cluster: Cluster, set: DaemonSet) {
  for (const { resource } of AGENTS) {
    const reference = set.metadata.ownerReferences?.find(
      ({ kind }) => kind === resource.kind,
    );
    const object =
      reference && cluster.store.get(resource, undefined, reference.name);
    if (object) {
      writeStatus(cluster, resource, object, set);
    }
  }
}

function writeStatus(
  cluster: Cluster,
  resource: Resource<Istio>,
  object: Istio,
  set: DaemonSet | undefined,
) {
  const next = nodeAgentStatus({
    generation: object.metadata.generation,
    now: cluster.clock.now(),
    set,
  });
  cluster.store.update(resource, undefined, object.metadata.name, each =>
    each.status?.state === next.state &&
    each.status?.observedGeneration === next.observedGeneration
      ? each
      : { ...each, status: next },
  );
}
