import { isEndOfLife, resolveVersion } from '../../controlPlane/sailVersions';
import type { NodeAgent, NodeAgentKind } from '../../controlPlane/nodeAgents';
import { controllerReference } from '../../controllers/ownership';
import {
  DAEMON_SETS,
  ISTIO_CNIS,
  ISTIOS,
  ZTUNNELS,
  type Resource,
} from '../../kubernetes/resources';
import type { DaemonSet, Istio, SailStatus } from '../../kubernetes/types';
import type { Operator, OperatorCluster } from '../Operator';
import {
  conditionsOf,
  endOfLife,
  failedReconciliation,
  findCondition,
} from './conditions';

const RETRY_MS = 1000;

/** The DaemonSet and, unless told, the namespace of each agent. */
const PLACES: Record<NodeAgentKind, { set: string; namespace: string }> = {
  cni: { set: 'istio-cni-node', namespace: 'istio-cni' },
  ztunnel: { set: 'ztunnel', namespace: 'ztunnel' },
};

export const istioCniController = controllerOf('cni', ISTIO_CNIS);
export const ztunnelController = controllerOf('ztunnel', ZTUNNELS);

/** The operator's part on the nodes: keeps an agent at the version its object asks for. */
function controllerOf(
  kind: NodeAgentKind,
  resource: Resource<Istio>,
): Operator<Istio> {
  return {
    maker: 'sail',
    resource,
    concerns: (changed, { metadata }) =>
      changed === (DAEMON_SETS as Resource) &&
      metadata.name === PLACES[kind].set,
    async reconcile(cluster, object) {
      const { version = '' } = object.spec;
      const now = cluster.now();
      if (isEndOfLife(version)) {
        await cluster.writeStatus(resource, object, {
          ...object.status,
          observedGeneration: object.metadata.generation,
          ...conditionsOf(object.status, endOfLife(version), now),
        });
        return undefined;
      }
      const agent = sailNodeAgent(kind, resource, object);
      const setOf = () =>
        cluster.get(DAEMON_SETS, agent.namespace, PLACES[kind].set);
      let failure: string | undefined;
      if (isToInstall(object, await setOf())) {
        await install(cluster, agent, object).catch(error => {
          failure = (error as Error).message;
        });
      }
      await cluster.writeStatus(
        resource,
        object,
        nodeAgentStatus(object, { set: await setOf(), failure, now }),
      );
      return failure === undefined ? undefined : RETRY_MS;
    },
  };
}

/** The DaemonSet that an object asks for. */
export function sailNodeAgent(
  kind: NodeAgentKind,
  resource: Resource<Istio>,
  object: Istio,
): NodeAgent & { owner: NonNullable<NodeAgent['owner']> } {
  const { values, version = '', namespace } = object.spec;
  return {
    kind,
    namespace: namespace ?? PLACES[kind].namespace,
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

/** The status of an object whose DaemonSet is like this. */
export function nodeAgentStatus(
  object: Pick<Istio, 'status'> & { metadata: { generation?: number } },
  seen: { set: DaemonSet | undefined; failure?: string; now: string },
): SailStatus {
  const { set, failure, now } = seen;
  const desired = set?.status?.desiredNumberScheduled ?? 0;
  const ready = set?.status?.numberReady ?? 0;
  const isReady = set?.status !== undefined && ready === desired;
  return {
    observedGeneration: object.metadata.generation,
    ...conditionsOf(
      object.status,
      failure === undefined
        ? [
            { type: 'Reconciled' },
            isReady
              ? { type: 'Ready' }
              : {
                  type: 'Ready',
                  status: 'False',
                  reason: 'DaemonSetNotReady',
                  message: `not all ${set?.metadata.name ?? ''} pods are ready`,
                },
          ]
        : failedReconciliation(failure),
      now,
    ),
  };
}

function isToInstall(
  { metadata, status }: Istio,
  set: DaemonSet | undefined,
): boolean {
  return (
    set === undefined ||
    status?.observedGeneration !== metadata.generation ||
    findCondition(status, 'Reconciled')?.status === 'False'
  );
}

/** Who gives no hub gets the one that the control plane uses. */
async function install(
  cluster: OperatorCluster,
  {
    kind,
    namespace,
    version,
    hub,
    release,
    owner,
  }: ReturnType<typeof sailNodeAgent>,
  { spec: { values } }: Istio,
): Promise<void> {
  const [istio] = hub ? [] : await cluster.list(ISTIOS);
  await cluster.charts.upgrade({
    name: release,
    namespace,
    chart: kind,
    version,
    values: {
      ...values,
      global: {
        ...values?.global,
        hub: hub || istio?.spec.values?.global?.hub,
      },
    },
    labels: { 'managed-by': 'sail-operator' },
    owner,
  });
}
