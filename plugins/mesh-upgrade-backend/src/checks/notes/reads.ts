import type { KubernetesObject, ResourceType } from '../../clusters/types';
import { GATEWAY_API_GROUP } from '../configuration/gatewayApi';
import {
  AUTHORIZATION_POLICIES,
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  DAEMON_SETS,
  DEPLOYMENTS,
  DESTINATION_RULES,
  ISTIO_GATEWAYS,
  ISTIOD_SELECTOR,
  NAMESPACES,
  SERVICE_ENTRIES,
  SERVICES,
  STATEFUL_SETS,
  TELEMETRIES,
  WORKLOAD_ENTRIES,
} from '../configuration/resources';

/** An object of any kind; what its fields hold is up to who applied it. */
export interface NoteObject extends KubernetesObject {
  spec?: unknown;
  data?: Record<string, string>;
}

/** What a detector may read of a cluster. */
interface Read {
  kind: string;
  resource: ResourceType;
  labelSelector?: string;
}

const READS = {
  /** Deployments of every istiod. */
  istiods: {
    kind: 'Deployment',
    resource: DEPLOYMENTS,
    labelSelector: ISTIOD_SELECTOR,
  },
  /** ConfigMap of the CNI node agent. */
  cniConfigs: {
    kind: 'ConfigMap',
    resource: CONFIG_MAPS,
    labelSelector: 'app.kubernetes.io/name=istio-cni',
  },
  deployments: { kind: 'Deployment', resource: DEPLOYMENTS },
  statefulSets: { kind: 'StatefulSet', resource: STATEFUL_SETS },
  daemonSets: { kind: 'DaemonSet', resource: DAEMON_SETS },
  namespaces: { kind: 'Namespace', resource: NAMESPACES },
  services: { kind: 'Service', resource: SERVICES },
  definitions: {
    kind: 'CustomResourceDefinition',
    resource: CUSTOM_RESOURCE_DEFINITIONS,
  },
  serviceEntries: { kind: 'ServiceEntry', resource: SERVICE_ENTRIES },
  workloadEntries: { kind: 'WorkloadEntry', resource: WORKLOAD_ENTRIES },
  destinationRules: { kind: 'DestinationRule', resource: DESTINATION_RULES },
  telemetries: { kind: 'Telemetry', resource: TELEMETRIES },
  authorizationPolicies: {
    kind: 'AuthorizationPolicy',
    resource: AUTHORIZATION_POLICIES,
  },
  istioGateways: { kind: 'Gateway', resource: ISTIO_GATEWAYS },
  gateways: {
    kind: 'Gateway',
    resource: {
      group: GATEWAY_API_GROUP,
      version: 'v1',
      resource: 'gateways',
    },
  },
  alphaTlsRoutes: {
    kind: 'TLSRoute',
    resource: {
      group: GATEWAY_API_GROUP,
      version: 'v1alpha2',
      resource: 'tlsroutes',
    },
  },
  alphaBackendTlsPolicies: {
    kind: 'BackendTLSPolicy',
    resource: {
      group: GATEWAY_API_GROUP,
      version: 'v1alpha3',
      resource: 'backendtlspolicies',
    },
  },
  alphaInferencePools: {
    kind: 'InferencePool',
    resource: {
      group: 'inference.networking.x-k8s.io',
      version: 'v1alpha2',
      resource: 'inferencepools',
    },
  },
} satisfies Record<string, Read>;

export type NoteRead = keyof typeof READS;
export type NoteLists = Record<NoteRead, NoteObject[]>;

export const NOTE_READS: Record<NoteRead, Read> = READS;

/** Lists of which none has been read. */
export function emptyLists(): NoteLists {
  return Object.fromEntries(
    Object.keys(NOTE_READS).map(read => [read, []]),
  ) as unknown as NoteLists;
}
