/** `leftovers`: removes what earlier revisions of a mesh left behind. @public */
export type RunKind = 'mesh' | 'sidecars' | 'leftovers';

/**
 * `waiting`: for its time, a window, an approval, or a change that somebody has
 * to make elsewhere, such as in Git; `waitsFor` tells which.
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

/** What keeps a run from going on, other than a person's pause. @public */
export interface RunWait {
  /** `time`: it was scheduled. `change`: somebody has to make it elsewhere, such as in Git. */
  kind: 'time' | 'window' | 'approval' | 'change';
  /** ISO time at which it ends by itself; absent when that depends on somebody. */
  until?: string;
  message: string;
}

/** @public */
export interface RunApproval {
  /** Entity ref; absent while nobody has decided. */
  decidedBy?: string;
  /** ISO time. */
  decidedAt?: string;
  decision?: 'approved' | 'rejected';
  /** Why it was rejected, in that person's words. */
  reason?: string;
}

/** @public */
export const FINAL_RUN_STATES: readonly RunState[] = [
  'succeeded',
  'failed',
  'stopped',
];

/**
 * `skipped`: not started because the run was stopped or failed before; or, in a
 * run that succeeded, a proof that could not be made from here, for the reason
 * in the step's message.
 * @public
 */
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
  /** Median of what such steps took, in seconds; absent when none was ever seen. */
  usualSeconds?: number;
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
  /** Why it failed, what it waits for, or what of its success is not proven. */
  message?: string;
  /** ISO time before which it changes nothing. */
  startAt?: string;
  waitsFor?: RunWait;
  /** Present when somebody else has to agree before it starts. */
  approval?: RunApproval;
  /** Id of the failed or stopped run whose rest this one does. */
  retryOf?: string;
  /** Id of the run that this one takes back. */
  returnOf?: string;
}

/** Which runs are listed; several values mean "or". @public */
export interface RunFilter {
  /** Id of a mesh. */
  mesh?: string;
  /** Id of a workload. */
  workload?: string;
  /** Only those that are not over, or only those that are. */
  active?: boolean;
  kind?: RunKind[];
  state?: RunState[];
  /** Entity ref. */
  startedBy?: string;
  /** ISO time; created then or later. */
  since?: string;
  /** ISO time; created before. */
  until?: string;
}

/** A page of runs: those still active first, then newest first. @public */
export interface RunPage {
  items: RunSummary[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
}

/** @public */
export interface RunView extends RunSummary {
  planHash: string;
  driver?: string;
  steps: RunStepView[];
  /** How long such a run usually takes, in seconds; absent when none was ever seen. */
  usualSeconds?: number;
  /** The former version, when a new run could return to it. */
  returnTo?: string;
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
  /** True for a line that a Job printed, with secrets masked. */
  output?: boolean;
}
