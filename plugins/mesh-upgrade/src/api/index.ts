export { conflictingRun, replacedPlan } from './errors';
export { meshUpgradeApiRef } from './MeshUpgradeApi';
export type {
  MeshUpgradeApi,
  RunQuery,
  WorkloadExportQuery,
} from './MeshUpgradeApi';
export { MeshUpgradeClient } from './MeshUpgradeClient';
