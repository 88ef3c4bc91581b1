import { createApiRef } from '@backstage/frontend-plugin-api';
import type {
  CheckProgress,
  CheckReport,
  ClusterView,
  MeshView,
  RunEvent,
  RunSummary,
  RunView,
  StartRunRequest,
  TargetVersions,
  UpgradePlan,
  UpgradeSubject,
  WorkloadDetail,
  WorkloadPage,
  WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Which upgrades to list. @public */
export interface RunQuery {
  mesh?: string;
  /** Workload id. */
  workload?: string;
  active?: boolean;
  limit?: number;
}

/** Which workloads to export, and in which order. @public */
export type WorkloadExportQuery = Omit<
  WorkloadQuery,
  'facets' | 'limit' | 'cursor'
>;

/**
 * The backend of Mesh Upgrade. Every method rejects with a `ResponseError`
 * when the backend answers with an error; the server's own words are in its
 * `body.error.message`.
 *
 * @public
 */
export interface MeshUpgradeApi {
  listClusters(): Promise<ClusterView[]>;
  listMeshes(): Promise<MeshView[]>;
  getMesh(id: string): Promise<MeshView>;
  getTargetVersions(
    meshId: string,
    options?: { preReleases?: boolean },
  ): Promise<TargetVersions>;
  listWorkloads(query: WorkloadQuery): Promise<WorkloadPage>;
  /** Every workload that matches, as CSV. */
  exportWorkloads(query: WorkloadExportQuery): Promise<Blob>;
  /** Takes a workload id: `cluster/namespace/kind/name`. */
  getWorkload(id: string): Promise<WorkloadDetail>;
  /** Reads the clusters freshly; `onProgress` is told every answer as it arrives. */
  check(
    subject: UpgradeSubject,
    options?: {
      onProgress?(news: CheckProgress): void;
      signal?: AbortSignal;
    },
  ): Promise<CheckReport>;
  plan(subject: UpgradeSubject): Promise<UpgradePlan>;
  /** Rejects with 409 when another run holds the mesh, see {@link conflictingRun}, or the plan is no longer true, see {@link replacedPlan}. */
  startRun(request: StartRunRequest): Promise<RunView>;
  listRuns(query: RunQuery): Promise<RunSummary[]>;
  getRun(id: string): Promise<RunView>;
  /** Events after the given id, oldest first. */
  listRunEvents(
    runId: string,
    options?: { after?: number; limit?: number },
  ): Promise<RunEvent[]>;
  stopRun(id: string): Promise<RunView>;
  pauseRun(id: string): Promise<RunView>;
  resumeRun(id: string): Promise<RunView>;
}

/** @public */
export const meshUpgradeApiRef = createApiRef<MeshUpgradeApi>().with({
  id: 'plugin.mesh-upgrade.api',
  pluginId: 'mesh-upgrade',
});
