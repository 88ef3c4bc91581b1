/** @public */
export type RunKind = 'mesh' | 'sidecars';

/**
 * `waiting`: for a change that somebody has to make elsewhere, such as in Git.
 * `stopping`: no new step starts any more; what Kubernetes already does is
 * waited for. `paused`: the same, until somebody resumes it.
 * @public
 */
export type RunState =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'paused'
  | 'stopping'
  | 'succeeded'
  | 'failed'
  | 'stopped';

/** @public */
export const FINAL_RUN_STATES: readonly RunState[] = [
  'succeeded',
  'failed',
  'stopped',
];

/** `skipped`: never started because the run was stopped or failed before. @public */
export type StepState =
  | 'pending'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'skipped';

/** The two phases of a mesh upgrade; sidecar runs only have `upgrade`. @public */
export type RunPhase = 'upgrade' | 'healthCheck';

/** One object being upgraded: a control-plane component of a cluster, or a workload. @public */
export interface RunStepView {
  id: string;
  phase: RunPhase;
  /** e.g. `istiod`, `base`, `Deployment shop/cart`. */
  title: string;
  cluster: string;
  /** Workload id, for sidecar runs. */
  workload?: string;
  state: StepState;
  /** Where it is, in words and in Kubernetes' own words when waiting. */
  message: string;
  progress?: { done: number; total: number };
  startedAt?: string;
  endedAt?: string;
}

/** @public */
export interface RunSummary {
  id: string;
  kind: RunKind;
  state: RunState;
  meshId?: string;
  fromVersion?: string;
  targetVersion: string;
  /** Entity ref of who started it. */
  startedBy: string;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  /** Steps ended well, and all steps. */
  progress: { done: number; total: number };
  /** Why it failed or what it waits for. */
  message?: string;
}

/** @public */
export interface RunView extends RunSummary {
  planHash: string;
  driver?: string;
  steps: RunStepView[];
}

/** @public */
export type RunEventLevel = 'info' | 'warning' | 'error';

/** Append-only. @public */
export interface RunEvent {
  /** Ascending within the whole database; the cursor. */
  id: number;
  runId: string;
  stepId?: string;
  /** ISO time, by the database's clock. */
  at: string;
  level: RunEventLevel;
  message: string;
}
