/** What a leftover once was part of. @public */
export type LeftoverRole =
  | 'controlPlane'
  | 'injector'
  | 'validator'
  | 'revisionTag'
  | 'configuration';

/** An object that an earlier revision of Istio left in a cluster. @public */
export interface LeftoverView {
  /** The same object has the same id in every answer; what a run names. */
  id: string;
  cluster: string;
  /** Kind of the object, e.g. `MutatingWebhookConfiguration`. */
  kind: string;
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
  role: LeftoverRole;
  revision?: string;
  /** Why it counts as left over, with what was seen. */
  reason: string;
  /** Who still uses it, in words; empty when nobody was found. */
  usedBy: string[];
  /** Why it is not removed from here; absent when it can be. */
  obstacle?: string;
}

/** What is left over in the clusters of a mesh. @public */
export interface LeftoverList {
  items: LeftoverView[];
  /** Clusters that could not be asked: what is left over there is unknown. */
  problems: { cluster: string; message: string }[];
}
