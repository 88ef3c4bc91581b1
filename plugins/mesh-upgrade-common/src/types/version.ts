import type { SupportView } from './mesh';

/** @public */
export interface TargetVersion {
  version: string;
  minor: string;
  support: SupportView;
  /** e.g. `1.32` and `1.36`; absent when the matrix has no row. */
  kubernetes?: { min: string; max: string };
  recommended: boolean;
}

/** @public */
export interface RefusedVersion {
  version: string;
  /** Machine-readable reason. */
  code:
    | 'older'
    | 'same'
    | 'otherFamily'
    | 'preRelease'
    | 'tooFar'
    | 'variant'
    | 'unreadable';
  /** In words. */
  reason: string;
}

/** Answer to "what can this mesh be upgraded to?". @public */
export interface TargetVersions {
  current?: string;
  family: string;
  offered: TargetVersion[];
  refused: RefusedVersion[];
  sources: VersionSourceView[];
}

/** @public */
export interface VersionSourceView {
  /** e.g. `127.0.0.1:5000/istio/pilot`. */
  source: string;
  /** ISO time of the last good answer. */
  seenAt?: string;
  /** Why the last try failed, in the registry's own words. */
  error?: string;
}
