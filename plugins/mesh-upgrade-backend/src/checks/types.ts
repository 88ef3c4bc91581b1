import type {
  CheckFinding,
  CheckReport,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../clusters/types';
import type { InventoriedMesh } from '../inventory/types';

export interface MeshCheckContext {
  mesh: InventoriedMesh;
  targetVersion: string;
  clusters: ClusterRegistry;
  signal: AbortSignal;
}

export interface SidecarCheckContext {
  workload: WorkloadDetail;
  clusters: ClusterRegistry;
  /** Asks once per report what many workloads share, such as a cluster's version. */
  once<T>(question: string, ask: () => Promise<T>): Promise<T>;
  signal: AbortSignal;
}

/** Undecided is a finding of severity `unknown`; a check that throws or hangs becomes one. */
export interface Check<TContext> {
  id: string;
  title: string;
  run(context: TContext): Promise<CheckFinding[]>;
}

export interface CheckRunner {
  checkMesh(mesh: InventoriedMesh, targetVersion: string): Promise<CheckReport>;
  checkSidecars(workloads: WorkloadDetail[]): Promise<CheckReport>;
}
