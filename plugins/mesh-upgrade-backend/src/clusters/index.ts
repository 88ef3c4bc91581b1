export { ClusterClient } from './ClusterClient';
export { DefaultClusterRegistry } from './DefaultClusterRegistry';
export { KubernetesError } from './KubernetesError';
export * from './types';
