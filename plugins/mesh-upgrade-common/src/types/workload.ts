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

/** Kinds the inventory reads on every cluster that serves them. @public */
export type BuiltInWorkloadKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'Rollout'
  | 'DeploymentConfig'
  | 'CloneSet'
  | 'Job'
  | 'CronJob'
  | 'Pod';

/** A kind the inventory reads; others come from the configuration. @public */
export type WorkloadKind = BuiltInWorkloadKind | (string & {});

/** Who keeps a workload's definition outside of the cluster, and how that shows. @public */
export interface GitOpsOwner {
  tool: 'flux' | 'argocd' | 'helm';
  /** Absent on what an earlier version of the product stored. */
  kind?: 'Kustomization' | 'HelmRelease' | 'application' | 'release';
  /** Name of the Kustomization, HelmRelease, application or release. */
  name: string;
  namespace?: string;
  /** The labels and annotations that tell, as `key=value`. */
  evidence: string[];
}

/** How a workload's sidecars can be upgraded. @public */
export interface UpgradeMethod {
  kind: 'restart' | 'none';
  /** Why not, one sentence each; empty for `restart`. */
  blockers: string[];
}

/** The upgrade of a workload that ended last. @public */
export interface LastUpgrade {
  runId: string;
  outcome: 'succeeded' | 'failed';
  targetVersion: string;
  /** ISO time. */
  endedAt: string;
}

/** One live pod. @public */
export interface WorkloadPod {
  name: string;
  uid: string;
  phase: string;
  ready: boolean;
  node?: string;
  sidecar: SidecarForm;
  /** Version of the running proxy's image, or its tag as it is when that is no version; absent without a sidecar or with a digest only. */
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
  /** Live pods per proxy version; a tag that is no version stands as it is, pods whose image has none count under `unknown`. */
  versions: { version: string; pods: number }[];
  pods: {
    /** Live pods: neither completed nor terminating. */
    total: number;
    ready: number;
    /** Those with a sidecar. The proxies of a gateway that istiod deploys are none, `podList` tells them. */
    injected: number;
    /** Live pods in trouble, such as crash loops, and failed ones nobody removed; absent when not counted yet. */
    abnormal?: number;
  };
  /** As the workload itself declares and reports them; absent where its kind has none. */
  replicas?: { desired: number; ready: number };
  /** At least one live pod runs another version than `desiredVersion`; what is no version is not compared. */
  outdated: boolean;
  method: UpgradeMethod;
  resources?: {
    requests?: { cpu?: string; memory?: string };
    limits?: { cpu?: string; memory?: string };
  };
  /** Entity refs that own the workload, sorted. */
  owners: string[];
  /** The object that controls the workload, of a kind that is not read itself. */
  controller?: { kind: string; name: string; apiVersion?: string };
  gitOps?: GitOpsOwner;
  /** Names of the Services that select its pods, sorted; absent where Services cannot be read. */
  services?: string[];
  /** Absent when it was never upgraded from here. */
  lastUpgrade?: LastUpgrade;
}

/** @public */
export interface WorkloadDetail extends WorkloadView {
  podList: WorkloadPod[];
}

/** Filter of the workload list; several values of a key mean "or", several keys "and". @public */
export interface WorkloadQuery {
  /** Each word is a part of the id or of the name of a Service. */
  text?: string;
  mesh?: string[];
  cluster?: string[];
  namespace?: string[];
  kind?: string[];
  status?: string[];
  /** At least one live pod runs this proxy version. */
  version?: string[];
  /** Entity ref. */
  owner?: string;
  outdated?: boolean;
  /** Default: `outdated`. */
  sort?: WorkloadSort;
  /** Count the values of the filters too. */
  facets?: boolean;
  limit?: number;
  cursor?: string;
}

/**
 * Order of the workload list; a dash reverses it. `outdated` has outdated ones
 * first, `version` the oldest proxy first and unreadable versions last.
 * @public
 */
export type WorkloadSort = WorkloadSortKey | `-${WorkloadSortKey}`;

/** @public */
export type WorkloadSortKey =
  | 'name'
  | 'namespace'
  | 'cluster'
  | 'version'
  | 'pods'
  | 'outdated';

/** Filters whose values are counted. @public */
export type WorkloadFacetKey =
  | 'mesh'
  | 'cluster'
  | 'namespace'
  | 'kind'
  | 'status'
  | 'version';

/**
 * Workloads per value, each filter counted under all the other ones; sorted by
 * value. A workload with pods of two versions counts for both.
 * @public
 */
export type WorkloadFacets = Record<
  WorkloadFacetKey,
  { value: string; count: number }[]
>;

/** @public */
export interface WorkloadPage {
  items: WorkloadView[];
  total: number;
  nextCursor?: string;
  /** When asked for. */
  facets?: WorkloadFacets;
}
