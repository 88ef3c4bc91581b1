import type {
  KubernetesObject,
  ResourceType,
} from '../plugins/mesh-upgrade-backend/src/clusters';

export const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };
export const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };
export const PODS = { group: '', version: 'v1', resource: 'pods' };
export const DEPLOYMENTS = {
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
};
export const DISRUPTION_BUDGETS: ResourceType = {
  group: 'policy',
  version: 'v1',
  resource: 'poddisruptionbudgets',
};

export interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
}

export interface Container {
  name: string;
  image?: string;
}

export interface Pod extends KubernetesObject {
  spec: {
    containers: Container[];
    initContainers?: Container[];
    ephemeralContainers?: Container[];
  };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string }[];
  };
}

export interface Deployment extends KubernetesObject {
  spec: {
    replicas?: number;
    template: {
      metadata?: {
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
      };
      spec: { containers: Container[] };
    };
  };
}

const CONTAINERS = [{ name: 'app', image: 'registry.example.com/app:1' }];

export function configMap(
  name: string,
  data: Record<string, string> = {},
  labels?: Record<string, string>,
) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
    data,
  };
}

export function pod(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { containers: CONTAINERS },
  };
}

export function deployment(name: string, replicas: number) {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: CONTAINERS } },
    },
  };
}
