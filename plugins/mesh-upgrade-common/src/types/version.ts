import type { SupportView } from './mesh';

/** In place: one minor at a time. By revision: two, with both control planes side by side. @public */
export type UpgradeStrategy = 'inPlace' | 'revision';

/** Whether an Istio version supports a Kubernetes version; `unknown` is never good enough to upgrade. @public */
export type KubernetesVerdict = 'ok' | 'tooLow' | 'tooHigh' | 'unknown';

/** How a cluster's Kubernetes suits a version of Istio. @public */
export interface ClusterVerdict {
  cluster: string;
  /** As the API server tells it; absent when unknown. */
  kubernetesVersion?: string;
  verdict: KubernetesVerdict;
}

/** @public */
export interface TargetVersion {
  version: string;
  minor: string;
  support: SupportView;
  /** e.g. `1.32` and `1.36`; absent when the matrix has no row. */
  kubernetes?: { min: string; max: string };
  recommended: boolean;
  /** Only listed when asked for, never recommended. */
  preRelease?: boolean;
  /** Every cluster of the mesh, the control-plane cluster included. */
  clusters: ClusterVerdict[];
  /** Release announcement of the Istio project. */
  notesUrl?: string;
  /** Names of the sources that hold it. */
  sources: string[];
}

/** One stop on the way to a version that is too far for one upgrade. @public */
export interface UpgradeHop {
  version: string;
  minor: string;
  /** What the stop needs of Kubernetes; absent when nothing is published. */
  kubernetes?: { min: string; max: string };
  support: SupportView;
  /** As the clusters are now; between two stops Kubernetes may have to be upgraded. */
  clusters: ClusterVerdict[];
}

/** @public */
export interface RefusedVersion {
  version: string;
  /** Machine-readable reason. `operator`: the installed operator does not install it. */
  code:
    | 'older'
    | 'same'
    | 'otherFamily'
    | 'preRelease'
    | 'tooFar'
    | 'variant'
    | 'operator'
    | 'unreadable';
  /** In words. */
  reason: string;
  /** With `tooFar`: the stops on the way and the version itself, in order; absent when there is no way. */
  hops?: UpgradeHop[];
}

/** Answer to "what can this mesh be upgraded to?". @public */
export interface TargetVersions {
  current?: string;
  family: string;
  strategy: UpgradeStrategy;
  offered: TargetVersion[];
  /** Tags that are no versions are not listed but counted at their source. */
  refused: RefusedVersion[];
  sources: VersionSourceView[];
  matrix: SupportMatrixView;
}

/** Where a list of versions comes from: an image registry, the operator in a cluster, or the configuration. @public */
export type VersionSourceKind = 'registry' | 'operator' | 'static';

/** @public */
export interface VersionSourceView {
  kind: VersionSourceKind;
  /** e.g. `127.0.0.1:5000/istio/pilot`. */
  source: string;
  /** ISO time of the last good answer. */
  seenAt?: string;
  /** Why the last try failed, in the registry's own words. */
  error?: string;
  /** How many tags the last good answer held. */
  tags?: number;
  /** How many of these are no versions, such as `latest`. */
  ignoredTags?: number;
  /** The mirror that gave the last good answer; absent when the source itself did. */
  mirror?: string;
  /** ISO time before which the source is not asked again, because it said so. */
  retryAt?: string;
}

/** The data about Kubernetes versions and ends of support that a verdict rests on. @public */
export interface SupportMatrixView {
  /** Title of the source. */
  source: string;
  url: string;
  /** ISO date on which the source was read. */
  readAt: string;
  /** Read longer ago than Istio takes to bring out a release. */
  stale: boolean;
  /** What of the configured overrides could not be used, and what counts instead. */
  problem?: string;
}
