/**
 * What this product may do on a cluster: `read` nothing but look, `restart`
 * also restart workloads, `full` also change control planes.
 * @public
 */
export type ClusterMode = 'read' | 'restart' | 'full';

/**
 * `connecting` until the first list ended; `misconfigured` when the cluster's
 * configuration cannot be used at all.
 * @public
 */
export type ClusterHealthState =
  | 'healthy'
  | 'connecting'
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'misconfigured';

/** @public */
export interface ClusterHealth {
  state: ClusterHealthState;
  /** Why, in the API server's own words; present unless healthy. Of a healthy cluster, what may not be read of it that decides nothing. */
  reason?: string;
  /** What a person can do about it. */
  remedy?: string;
  /** ISO time since when the state holds. */
  since: string;
}

/** @public */
export interface ClusterView {
  name: string;
  title: string;
  mode: ClusterMode;
  /** As `/version` tells it, e.g. `1.34.2`; absent until known. */
  kubernetesVersion?: string;
  health: ClusterHealth;
  /** ISO time of the last completed list or watch event; the age of what is shown. */
  observedAt?: string;
}
