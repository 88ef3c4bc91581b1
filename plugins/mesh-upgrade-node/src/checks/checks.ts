import type {
  CheckFinding,
  CheckSeverity,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  ClusterCheckContext,
  ClusterCheckSubject,
  MeshCheckContext,
  MeshCheckSubject,
  SidecarCheckContext,
} from './context';

/**
 * A finding as a check returns it; id, check, workload and, for checks of one
 * cluster, the cluster are filled in.
 * @public
 */
export type Finding = Omit<CheckFinding, 'id' | 'check' | 'workload'>;

/** @public */
export interface CheckDescription {
  /** kebab-case, unique. */
  id: string;
  title: string;
  /**
   * The worst the check can find. Undecided (it throws, hangs or says so) stops
   * an upgrade only when this is `blocker`.
   */
  worst: Exclude<CheckSeverity, 'unknown' | 'passed'>;
}

/** Looks at a mesh as a whole. @public */
export interface WholeMeshCheck extends CheckDescription {
  scope: 'mesh';
  /** Whether it has anything to say; default: yes. Left out otherwise. */
  applies?(subject: MeshCheckSubject): boolean;
  run(context: MeshCheckContext): Promise<Finding[]>;
}

/** Looks at each cluster of a mesh on its own. @public */
export interface PerClusterCheck extends CheckDescription {
  scope: 'cluster';
  applies?(subject: ClusterCheckSubject): boolean;
  run(context: ClusterCheckContext): Promise<Finding[]>;
}

/** Decides about the upgrade of a mesh. @public */
export type MeshCheck = WholeMeshCheck | PerClusterCheck;

/** Decides about the upgrade of one workload's sidecars. @public */
export interface SidecarCheck extends CheckDescription {
  applies?(workload: WorkloadDetail): boolean;
  run(context: SidecarCheckContext): Promise<Finding[]>;
}
