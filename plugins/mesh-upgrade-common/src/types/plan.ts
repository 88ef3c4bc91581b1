import type { RunKind, RunPhase, RunWait } from './run';

/** One object a plan changes. @public */
export interface PlannedChange {
  cluster: string;
  /** e.g. `Istio default`, `Deployment shop/cart`. */
  object: string;
  before: string;
  after: string;
  /** What happens, in a sentence; lines below it are commands for whoever does it. */
  effect: string;
  /**
   * The object as YAML before and after, without what the API server itself
   * keeps. No `before`: it is created; no `after`: it is removed. Absent when
   * the exact object is only known while it happens, as with a chart.
   */
  yaml?: { before?: string; after?: string };
}

/** A step a run of this plan would take. @public */
export interface PlannedStepView {
  phase: RunPhase;
  title: string;
  cluster: string;
  /** Median of what such steps took, in seconds; absent when none was ever seen. */
  usualSeconds?: number;
}

/** Computed, read-only; a run names its hash. @public */
export interface UpgradePlan {
  /** SHA-256 of what is planned; a start with another hash is refused. */
  hash: string;
  kind: RunKind;
  meshId?: string;
  fromVersion?: string;
  targetVersion: string;
  driver?: string;
  changes: PlannedChange[];
  /** Pods that will restart. */
  pods: number;
  /** Selected workloads that cannot be upgraded, and why. */
  skipped: { workload: string; reason: string }[];
  /** In the order in which they start. */
  steps?: PlannedStepView[];
  /** How long such a run usually takes, in seconds; absent when none was ever seen. */
  usualSeconds?: number;
  /** What a run of it would wait for before it changes anything, were it started now. */
  waitsFor?: RunWait[];
}
