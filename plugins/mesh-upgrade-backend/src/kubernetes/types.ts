import type { KubernetesObject, ResourceType } from '../clusters/types';

/** The parts of Kubernetes objects that upgrades read. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface PodTemplate {
  metadata?: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: { containers?: { name: string; image?: string }[] };
}

export interface Deployment extends KubernetesObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    selector: Selector;
    template: PodTemplate;
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface DaemonSet extends KubernetesObject {
  spec: {
    selector: Selector;
    template: PodTemplate;
    updateStrategy?: { type?: string };
  };
  status?: {
    observedGeneration?: number;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberAvailable?: number;
  };
}

export interface ContainerStatus {
  name: string;
  image?: string;
  ready?: boolean;
  restartCount?: number;
  state?: {
    running?: object;
    waiting?: { reason?: string; message?: string };
    terminated?: { exitCode?: number; reason?: string; message?: string };
  };
  lastState?: {
    terminated?: { exitCode?: number; reason?: string; message?: string };
  };
}

export interface Pod extends KubernetesObject {
  spec?: {
    containers?: { name: string; image?: string }[];
    initContainers?: { name: string; image?: string }[];
    nodeName?: string;
  };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

export interface Job extends KubernetesObject {
  status?: { conditions?: Condition[] };
}

export interface Istio extends KubernetesObject {
  spec: {
    version?: string;
    namespace?: string;
    updateStrategy?: { type?: string };
    /** Chart values that the user gave. */
    values?: unknown;
  };
  status?: {
    observedGeneration?: number;
    state?: string;
    activeRevisionName?: string;
    conditions?: Condition[];
  };
}

export const DEPLOYMENTS: ResourceType = {
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
};
export const DAEMON_SETS: ResourceType = {
  group: 'apps',
  version: 'v1',
  resource: 'daemonsets',
};
export const REPLICA_SETS: ResourceType = {
  group: 'apps',
  version: 'v1',
  resource: 'replicasets',
};
export const PODS: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'pods',
};
export const NAMESPACES: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'namespaces',
};
export const JOBS: ResourceType = {
  group: 'batch',
  version: 'v1',
  resource: 'jobs',
};
export const ISTIOS: ResourceType = {
  group: 'sailoperator.io',
  version: 'v1',
  resource: 'istios',
};
/** Objects of the Sail operator for Istio's node agents. */
export const ISTIO_CNIS: ResourceType = { ...ISTIOS, resource: 'istiocnis' };
export const ZTUNNELS: ResourceType = { ...ISTIOS, resource: 'ztunnels' };
