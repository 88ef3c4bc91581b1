/**
 * A simulated fleet of Kubernetes clusters with Istio meshes, for development and tests.
 *
 * @packageDocumentation
 */
export { adminToken, readToken, renewedToken } from './api/auth';
export { startLab, type Lab, type LabOptions } from './startLab';
export type {
  AdmissionRefusal,
  ClusterKnobs,
  KnobSettings,
  Knobs,
  PermissionRule,
  PodMatch,
  RegistryKnobs,
} from './knobs/Knobs';
export type { RequestCount } from './knobs/RequestCounts';
export { CLUSTER_NAMES } from './world/clusters';
