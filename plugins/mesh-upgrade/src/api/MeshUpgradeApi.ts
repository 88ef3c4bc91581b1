import { createApiRef } from '@backstage/frontend-plugin-api';
import type {
  CheckProgress,
  CheckReport,
  ClusterView,
  LeftoverList,
  MeshView,
  RunEvent,
  RunFilter,
  RunPage,
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
export interface RunQuery extends RunFilter {
  limit?: number;
  /** The `next` of the page before. */
  cursor?: string;
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
  /** What earlier revisions of Istio left behind in the clusters of a mesh. */
  listLeftovers(meshId: string): Promise<LeftoverList>;
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
  listRuns(query: RunQuery): Promise<RunPage>;
  getRun(id: string): Promise<RunView>;
  /** The plan as it was when the run was started. */
  getRunPlan(id: string): Promise<UpgradePlan>;
  /** Events after the given id, oldest first; with `output: false` without the lines that Jobs printed, with `true` only those. */
  listRunEvents(
    runId: string,
    options?: { after?: number; limit?: number; output?: boolean },
  ): Promise<RunEvent[]>;
  stopRun(id: string): Promise<RunView>;
  pauseRun(id: string): Promise<RunView>;
  resumeRun(id: string): Promise<RunView>;
  /** Rejects with 403 for whoever started the run, and with 409 when nothing is to be decided. */
  approveRun(id: string): Promise<RunView>;
  /** Ends a run before it changes anything; rejects as {@link MeshUpgradeApi.approveRun} does. */
  rejectRun(id: string, options?: { reason?: string }): Promise<RunView>;
}

/** @public */
export const meshUpgradeApiRef = createApiRef<MeshUpgradeApi>().with({
  id: 'plugin.mesh-upgrade.api',
  pluginId: 'mesh-upgrade',
});
