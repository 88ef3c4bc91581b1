import type { ClusterHealth, ClusterMode } from './cluster';
import type { RunSummary } from './run';

/** @public */
export type MeshStatus =
  | 'running'
  | 'notReady'
  | 'abnormal'
  | 'upgrading'
  | 'unreachable'
  | 'unknown';

/** Hosted: several clusters share the mesh. Dedicated: one cluster. External: watched, not upgraded from here. @public */
export type MeshType = 'hosted' | 'dedicated' | 'external';

/** Who installed a control plane, and therefore how it is upgraded. @public */
export type InstallMethod = 'sail' | 'helm' | 'unknown';

/** @public */
export interface InstallEvidence {
  method: InstallMethod;
  /** One sentence per mark that was seen on the live objects. */
  evidence: string[];
}

/** One istiod of one cluster. @public */
export interface ControlPlaneView {
  cluster: string;
  namespace: string;
  /** Name of the Deployment. */
  name: string;
  /** `default` or the revision's name. */
  revision: string;
  /** Version of the image; absent when the image has no readable tag. */
  version?: string;
  image: string;
  desiredReplicas: number;
  readyReplicas: number;
  /** Pods of the Deployment that already run its image. */
  updatedReplicas: number;
  install: InstallEvidence;
  /** In Kubernetes' own words, e.g. `CrashLoopBackOff: …`. */
  problems: string[];
}

/** @public */
export interface MeshClusterView {
  cluster: string;
  mode: ClusterMode;
  kubernetesVersion?: string;
  health: ClusterHealth;
  controlPlanes: ControlPlaneView[];
}

/** @public */
export type SupportState = 'supported' | 'endingSoon' | 'ended' | 'unknown';

/** @public */
export interface SupportView {
  state: SupportState;
  /** ISO date of the end of support. */
  until?: string;
  /** True when the date is an estimate of the source. */
  estimated?: boolean;
}

/** @public */
export interface MeshView {
  id: string;
  name: string;
  type: MeshType;
  /** `native` or the vendor suffix, e.g. `mspider`. */
  family: string;
  status: MeshStatus;
  /** Why the status is not `running`, one sentence each. */
  reasons: string[];
  /** Lowest version of the mesh's control planes; absent when none is readable. */
  version?: string;
  /** Every version among the control planes, ascending. */
  versions: string[];
  /** Present when the registry holds a newer version that may be upgraded to. */
  upgrade?: {
    /** Newest version of the family, whatever the way to it. */
    newest: string;
    /** What the wizard preselects. */
    recommended?: string;
    /** ISO time of the registry answer. */
    seenAt: string;
  };
  support: SupportView;
  clusters: MeshClusterView[];
  install: InstallEvidence;
  sidecars: {
    /** Live pods with a sidecar. */
    total: number;
    /** Those that run the version istiod would inject now. */
    current: number;
    workloads: number;
    outdatedWorkloads: number;
  };
  activeRun?: RunSummary;
}
