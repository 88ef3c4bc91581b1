import type { NodeAgentKind } from '../controlPlane/nodeAgents';
import type { Resource } from '../kubernetes/resources';
import type { Draft } from '../kubernetes/types';

/** What a mesh of the world is made of. */
export interface MeshBlueprint {
  id: string;
  title: string;
  install: 'sail' | 'helm' | 'istioctl' | 'flux' | 'argocd' | 'external';
  /** Of Sail: a revision of its own for every version. */
  revisionBased?: boolean;
  /** The path of the images' hub in the lab's registry. */
  hub: 'istio' | 'mspider';
  family: 'native' | 'mspider';
  /** The tag of the control plane. */
  version: string;
  /** Helm values that the users of the mesh set themselves. */
  config?: Record<string, unknown>;
  /** Two unless told. */
  istiodReplicas?: number;
}

export interface NamespaceBlueprint {
  name: string;
  labels?: Record<string, string>;
}

/** Kinds that the lab seeds in a simpler way than those of `apps` and `batch`. */
export type OtherKind =
  | 'Rollout'
  | 'DeploymentConfig'
  | 'CloneSet'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'Pod';

export type WorkloadKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'CronJob'
  | 'Job'
  | OtherKind;

export interface WorkloadBlueprint {
  namespace: string;
  name: string;
  /** The catalog component the workload belongs to; empty when the catalog knows none. */
  component: string;
  kind: WorkloadKind;
  replicas: number;
  /** The tag of the proxies in its pods. */
  proxy: string;
  paused?: boolean;
  /** Asks not to be injected. */
  excluded?: boolean;
  hostNetwork?: boolean;
  /** Keeps the proxy an ordinary container. */
  plainSidecar?: boolean;
  onDelete?: boolean;
  recreate?: boolean;
  /** A PodDisruptionBudget that wants this many pods. */
  minAvailable?: number;
  /** A gateway: the injector gives its only container the image. */
  gateway?: boolean;
  /** The proxy's repository and tag under the registry that the pod template pins. */
  pinned?: string;
  /** The pinned image with its registry; the world fills it in. */
  pinnedImage?: string;
  /** Its pods are older than the injection of their namespace. */
  injectedLater?: boolean;
  /** The revision that injected its pods, when it is not the one that would today. */
  injectedBy?: string;
  /** A Job that still runs. */
  running?: boolean;
  /** Further annotations of the pod template. */
  annotations?: Record<string, string>;
}

/** A second control plane beside the default one. */
export interface CanaryBlueprint {
  revision: string;
  version: string;
  /** Its istiod's image names no tag. */
  digestOnly?: boolean;
}

/** A Gateway of the Gateway API with the Deployment that istiod made for it. */
export interface GatewayBlueprint {
  namespace: string;
  name: string;
  className: 'istio' | 'istio-waypoint';
  replicas: number;
  /** Labels that choose a revision or what a waypoint serves. */
  labels?: Record<string, string>;
}

export interface ClusterBlueprint {
  name: string;
  kubernetesVersion: string;
  mesh: MeshBlueprint;
  canary?: CanaryBlueprint;
  /** Revision tags and the revision each points to. */
  tags?: Record<string, string>;
  /** What runs on the nodes, at the version of the control plane unless told. */
  agents?: Partial<Record<NodeAgentKind, string>>;
  gateways?: GatewayBlueprint[];
  /** The release of the Gateway API that is installed. */
  gatewayApi?: string;
  nodes: number;
  namespaces: NamespaceBlueprint[];
  workloads: WorkloadBlueprint[];
  /** Configuration and leftovers, put in place as they are. */
  objects?: ReadonlyArray<readonly [Resource, Draft]>;
}

export interface ComponentBlueprint {
  name: string;
  description: string;
  system: string;
  team: string;
  namespaces: string[];
}
