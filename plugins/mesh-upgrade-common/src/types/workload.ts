/**
 * Whether the pods of a workload carry a sidecar, and of the revision, as
 * injection would decide now. A version that lags behind is `outdated`, not a
 * status.
 * @public
 */
export type InjectionStatus =
  | 'injected'
  | 'uninjected'
  | 'pendingRestart'
  | 'excluded'
  | 'unknown';

/** @public */
export type SidecarForm = 'container' | 'native' | 'ambient' | 'none';

/** Kinds the inventory reads. @public */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** How a workload's sidecars can be upgraded. @public */
export interface UpgradeMethod {
  kind: 'restart' | 'none';
  /** Why not, one sentence each; empty for `restart`. */
  blockers: string[];
}

/** One live pod. @public */
export interface WorkloadPod {
  name: string;
  uid: string;
  phase: string;
  ready: boolean;
  node?: string;
  sidecar: SidecarForm;
  /** Version of the running proxy's image; absent without a sidecar or with an unreadable tag. */
  version?: string;
  /** Full image of the proxy container. */
  image?: string;
  /** Annotation `istio.io/rev`: the revision that injected the pod. */
  revision?: string;
  /** ISO time. */
  createdAt: string;
  /** Waiting or termination reason in Kubernetes' own words. */
  problem?: string;
}

/** @public */
export interface WorkloadView {
  /** `cluster/namespace/kind/name`. */
  id: string;
  cluster: string;
  namespace: string;
  kind: WorkloadKind;
  name: string;
  meshId?: string;
  status: InjectionStatus;
  statusReason: string;
  sidecar: SidecarForm;
  /** Revision that would inject a new pod now. */
  revision?: string;
  /** Version the revision injects; absent when unknown. A pin that keeps a new pod from it is among the blockers of `method`. */
  desiredVersion?: string;
  /** Live pods per proxy version; pods without a readable version count under `unknown`. */
  versions: { version: string; pods: number }[];
  pods: { total: number; ready: number; injected: number };
  /** At least one live pod runs another version than `desiredVersion`. */
  outdated: boolean;
  method: UpgradeMethod;
  resources?: {
    requests?: { cpu?: string; memory?: string };
    limits?: { cpu?: string; memory?: string };
  };
  /** Entity refs that own the workload, sorted. */
  owners: string[];
}

/** @public */
export interface WorkloadDetail extends WorkloadView {
  podList: WorkloadPod[];
}

/** Filter of the workload list; several values of a key mean "or", several keys "and". @public */
export interface WorkloadQuery {
  text?: string;
  mesh?: string[];
  cluster?: string[];
  namespace?: string[];
  kind?: string[];
  status?: string[];
  /** Entity ref. */
  owner?: string;
  outdated?: boolean;
  limit?: number;
  cursor?: string;
}

/** @public */
export interface WorkloadPage {
  items: WorkloadView[];
  total: number;
  nextCursor?: string;
}
