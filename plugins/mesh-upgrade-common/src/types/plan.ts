/** One object a plan changes. @public */
export interface PlannedChange {
  cluster: string;
  /** e.g. `Istio default`, `Deployment shop/cart`. */
  object: string;
  before: string;
  after: string;
  /** What happens, in a sentence. */
  effect: string;
}

/** Computed, read-only; a run names its hash. @public */
export interface UpgradePlan {
  /** SHA-256 of what is planned; a start with another hash is refused. */
  hash: string;
  kind: 'mesh' | 'sidecars';
  meshId?: string;
  fromVersion?: string;
  targetVersion: string;
  driver?: string;
  changes: PlannedChange[];
  /** Pods that will restart. */
  pods: number;
  /** Selected workloads that cannot be upgraded, and why. */
  skipped: { workload: string; reason: string }[];
}
