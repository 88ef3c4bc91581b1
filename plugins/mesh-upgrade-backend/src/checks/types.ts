import type {
  CheckProgress,
  CheckReport,
  MeshClusterView,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type * as node from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesClient } from '../clusters/types';
import type { InventoriedMesh } from '../inventory/types';

/** Reads of one cluster; the product's own checks may also try writes without keeping them. */
export interface ClusterReads extends node.ClusterReads {
  client: KubernetesClient;
}

export interface MeshCheckSubject extends node.MeshCheckSubject {
  mesh: InventoriedMesh;
  /** The run that is about to begin; absent when none was started yet. */
  runId?: string;
  /** A run is taken back: the target is older than what runs. */
  returning?: boolean;
}

export interface MeshCheckContext extends node.MeshCheckContext {
  mesh: InventoriedMesh;
  /** See {@link MeshCheckSubject}. */
  runId?: string;
  /** See {@link MeshCheckSubject}. */
  returning?: boolean;
  at(cluster: string): ClusterReads;
}

export interface ClusterCheckContext extends MeshCheckContext, ClusterReads {
  /** Its control planes are those that run in it. */
  cluster: MeshClusterView;
}

export interface SidecarCheckContext extends node.SidecarCheckContext {
  client: KubernetesClient;
}

export interface WholeMeshCheck extends node.CheckDescription {
  scope: 'mesh';
  applies?(subject: MeshCheckSubject): boolean;
  run(context: MeshCheckContext): Promise<node.Finding[]>;
}

export interface PerClusterCheck extends node.CheckDescription {
  scope: 'cluster';
  /** Run even when the cluster does not answer; others then count as undecided. */
  whenUnreachable?: boolean;
  applies?(subject: node.ClusterCheckSubject): boolean;
  run(context: ClusterCheckContext): Promise<node.Finding[]>;
}

export type MeshCheck = WholeMeshCheck | PerClusterCheck;

export interface SidecarCheck extends node.CheckDescription {
  applies?(workload: WorkloadDetail): boolean;
  run(context: SidecarCheckContext): Promise<node.Finding[]>;
}

export interface CheckOptions {
  /** Told what is planned, and every result as it is decided. */
  onProgress?: (
    progress: Extract<CheckProgress, { type: 'planned' | 'result' }>,
  ) => void;
  /** The run that is about to begin, which does not stand in its own way. */
  runId?: string;
  /** A run is taken back: the target is older than what runs. */
  returning?: boolean;
  /** Nobody waits for the report any more. */
  signal?: AbortSignal;
}

export interface CheckRunner {
  checkMesh(
    mesh: InventoriedMesh,
    targetVersion: string,
    options?: CheckOptions,
  ): Promise<CheckReport>;
  /** Whether what earlier revisions left may be removed now, by the ids of the leftovers. */
  checkLeftovers(
    mesh: InventoriedMesh,
    leftovers: string[],
    options?: CheckOptions,
  ): Promise<CheckReport>;
  /** @throws InputError for an empty selection: nothing selected is never "all". */
  checkSidecars(
    workloads: WorkloadDetail[],
    options?: CheckOptions,
  ): Promise<CheckReport>;
}
