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

/**
 * Who installed a control plane, and therefore how it is upgraded. `openshift`
 * is Service Mesh 3, `aks` the add-on of Azure.
 * @public
 */
export type InstallMethod =
  | 'sail'
  | 'openshift'
  | 'aks'
  | 'kyma'
  | 'flux'
  | 'argocd'
  | 'helm'
  | 'istioctl'
  | 'unknown';

/** What Helm remembers of the release that holds a control plane. @public */
export interface HelmReleaseView {
  namespace: string;
  name: string;
  /** Counts installs and upgrades. */
  revision: number;
  chart: string;
  chartVersion: string;
  /** Values of the user that fix the image, as `path=value`; a newer chart alone would not change it. */
  pinned: string[];
}

/** @public */
export interface InstallEvidence {
  method: InstallMethod;
  /** One sentence per mark that was seen on the live objects. */
  evidence: string[];
  /** Present when Helm installed it, whoever drives Helm, and the release can be read. */
  release?: HelmReleaseView;
}

/** One istiod of one cluster. @public */
export interface ControlPlaneView {
  cluster: string;
  namespace: string;
  /** Name of the Deployment. */
  name: string;
  /** `default` or the revision's name. */
  revision: string;
  /** Version of the image, or what istiod itself answers; absent when neither tells. */
  version?: string;
  /** Why istiod could not be asked for its version. */
  versionProblem?: string;
  image: string;
  desiredReplicas: number;
  readyReplicas: number;
  /** Pods of the Deployment that already run its image. */
  updatedReplicas: number;
  install: InstallEvidence;
  /** In Kubernetes' own words, e.g. `CrashLoopBackOff: …`. */
  problems: string[];
}

/**
 * Where the istiod is that serves a cluster: in it (`primary`), in another
 * cluster of the mesh (`remote`), or out of sight (`external`). `none` when
 * nothing on the cluster tells of one.
 * @public
 */
export type MeshClusterRole = 'primary' | 'remote' | 'external' | 'none';

/** One revision of one cluster. @public */
export interface RevisionView {
  cluster: string;
  /** `default` or the revision's name. */
  revision: string;
  /** Namespaces labelled `istio-injection=enabled` get their sidecars from it. */
  isDefault: boolean;
  /** Revision tags that point to it, sorted. */
  tags: string[];
  /** Its istiod; absent when none runs in the cluster. */
  controlPlane?: { namespace: string; name: string };
  /** Version of its istiod; absent when unknown or out of sight. */
  version?: string;
  /** Version of the sidecars it injects; absent when its configuration does not tell. */
  injects?: string;
  /** Where the injector is called when it is not a Service of the cluster. */
  url?: string;
  /** Namespaces whose labels ask for it, directly or by a tag. */
  namespaces: number;
  /** Workloads whose new pods it would inject. */
  workloads: number;
  /** What is special about it, in words, e.g. that it is a canary. */
  note?: string;
}

/** A revision tag of one cluster: a name that namespaces use in place of a revision. @public */
export interface RevisionTagView {
  cluster: string;
  tag: string;
  revision: string;
  /** Version of the revision's istiod. */
  version?: string;
  /** Namespaces whose labels ask for the tag. */
  namespaces: number;
  /** Workloads whose new pods are injected by way of the tag. */
  workloads: number;
  /** What is wrong with it, in words. */
  problem?: string;
}

/** @public */
export type MeshComponentKind =
  | 'istiod'
  | 'cni'
  | 'ztunnel'
  | 'gateway'
  | 'waypoint';

/** A part of Istio that runs as pods. @public */
export interface MeshComponentView {
  kind: MeshComponentKind;
  cluster: string;
  namespace: string;
  /** Name of the Deployment or DaemonSet. */
  name: string;
  /** Of an injected gateway the oldest that its pods run; absent when unknown. */
  version?: string;
  image?: string;
  /** Version of its control plane, only when the component is older. */
  behind?: string;
  desired: number;
  ready: number;
  /** Only of gateways and waypoints: the revision whose istiod gives their new pods the proxy. */
  revision?: string;
  /** Only of gateways and waypoints: who keeps the proxy's version. An `injected` gateway needs a restart, a `gatewayApi` one is redeployed by istiod. */
  gateway?: {
    origin: 'injected' | 'gatewayApi' | 'other';
    /** Name of the Gateway object. */
    name?: string;
    class?: string;
  };
  /** Why it is not as it should be, one sentence each. */
  problems: string[];
}

/** How many live pods run one version of the proxy. @public */
export interface ProxyVersionCount {
  /** `unknown` for pods whose image tells no version. */
  version: string;
  pods: number;
}

/** @public */
export interface MeshClusterView {
  cluster: string;
  mode: ClusterMode;
  role: MeshClusterRole;
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
  /** Why `upgrade` may be missing or behind: no source of versions answers, or the data is old. One sentence. */
  versionsProblem?: string;
  support: SupportView;
  clusters: MeshClusterView[];
  install: InstallEvidence;
  revisions: RevisionView[];
  tags: RevisionTagView[];
  components: MeshComponentView[];
  /** Census of the live sidecars, the oldest version first and `unknown` last. */
  proxyVersions: ProxyVersionCount[];
  sidecars: {
    /** Live pods with a sidecar. Those of an injected gateway are among them; those of a gateway that istiod deploys are not. */
    total: number;
    /** Those that run the version istiod would inject now. */
    current: number;
    workloads: number;
    outdatedWorkloads: number;
  };
  activeRun?: RunSummary;
}
