/**
 * A simulated fleet of Kubernetes clusters with Istio meshes, for development and tests.
 *
 * @packageDocumentation
 */
export { adminToken, readToken } from './api/auth';
export { startLab, type Lab, type LabOptions } from './startLab';
export type {
  ClusterKnobs,
  KnobSettings,
  Knobs,
  PodMatch,
} from './knobs/Knobs';
export { CLUSTER_NAMES } from './world/clusters';
