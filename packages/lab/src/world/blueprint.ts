/** What a mesh of the world is made of. */
export interface MeshBlueprint {
  id: string;
  title: string;
  install: 'sail' | 'helm';
  /** The path of the images' hub in the lab's registry. */
  hub: 'istio' | 'mspider';
  family: 'native' | 'mspider';
  /** The tag of the control plane. */
  version: string;
  /** Helm values that the users of the mesh set themselves. */
  config?: Record<string, unknown>;
}

export interface NamespaceBlueprint {
  name: string;
  labels?: Record<string, string>;
}

export type WorkloadKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'CronJob'
  | 'Job';

export interface WorkloadBlueprint {
  namespace: string;
  name: string;
  /** The catalog component the workload belongs to. */
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
}

export interface ClusterBlueprint {
  name: string;
  kubernetesVersion: string;
  mesh: MeshBlueprint;
  /** A revision tag that points to the default revision. */
  tag?: string;
  nodes: number;
  namespaces: NamespaceBlueprint[];
  workloads: WorkloadBlueprint[];
}

export interface ComponentBlueprint {
  name: string;
  description: string;
  system: string;
  team: string;
  namespaces: string[];
}
