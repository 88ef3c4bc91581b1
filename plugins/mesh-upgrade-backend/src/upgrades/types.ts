import type {
  LastUpgrade,
  RunApproval,
  RunEvent,
  RunEventLevel,
  RunFilter,
  RunKind,
  RunPage,
  RunPhase,
  RunState,
  RunSummary,
  RunView,
  RunWait,
  StartRunRequest,
  StepState,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/**
 * The doors of the upgrades room. Authorization has happened before.
 *
 * `plan` and `start` throw `InputError` (empty selection, unknown workload or
 * mesh, target older, of another family or unknown, blocked by a check, a
 * consent missing, a run named that does not fit),
 * `ConflictError` with `runId` (another run holds the mesh or a workload) and
 * `ConflictError` with `plan` (the world changed since the plan).
 */
export interface UpgradeService {
  plan(subject: UpgradeSubject): Promise<UpgradePlan>;
  start(
    request: StartRunRequest,
    options: { startedBy: string },
  ): Promise<RunView>;
  stop(runId: string, options: { stoppedBy: string }): Promise<RunView>;
  /** @throws ConflictError when the run is over or stopping. */
  pause(runId: string, options: { pausedBy: string }): Promise<RunView>;
  /** @throws ConflictError when the run is not paused. */
  resume(runId: string, options: { resumedBy: string }): Promise<RunView>;
  /** @throws ConflictError when nothing is to be decided, NotAllowedError for who started the run. */
  approve(runId: string, options: { approvedBy: string }): Promise<RunView>;
  /** As `approve`; the run ends without having changed anything. */
  reject(
    runId: string,
    options: { rejectedBy: string; reason?: string },
  ): Promise<RunView>;
  run(id: string): Promise<RunView | undefined>;
  /** The plan that was confirmed when the run was started. */
  planOf(runId: string): Promise<UpgradePlan | undefined>;
  runs(
    filter: RunFilter & { limit?: number; cursor?: string },
  ): Promise<RunPage>;
  events(
    runId: string,
    options: { after?: number; output?: boolean; limit?: number },
  ): Promise<RunEvent[]>;
  activeRuns(): Promise<RunSummary[]>;
  /** By workload id; workloads that were never upgraded are absent. */
  lastUpgrades(workloads: string[]): Promise<Map<string, LastUpgrade>>;
}

/** What the engine remembers of a step's course. */
export interface StepTrack {
  /** Writes known to have been made. */
  acts: number;
  /** Failed requests in a row. */
  errors: number;
  /** ISO time before which the cluster is left alone. */
  retryAt?: string;
  /** The state last seen, in a form that changes exactly when the step moved on. */
  mark?: string;
  /** ISO time since when `mark` holds; the step's time-out counts from here. */
  movedAt?: string;
  /** Somebody has to do something elsewhere; the step has no time-out meanwhile. */
  waiting?: boolean;
  /** Something keeps it from moving, which was told. */
  hindered?: boolean;
  /** Skipped because what it looks at cannot be read from here; the run may succeed without it. */
  unproven?: boolean;
}

/** One step as the engine sees it; everything in it survives restarts. */
export interface Step {
  id: string;
  phase: RunPhase;
  title: string;
  cluster: string;
  /** Begins when every step of the stages before has succeeded. Default: 0. */
  stage?: number;
  /** Which actuator drives it, e.g. `sail-istio`, `helm-job`, `restart-deployment`, `control-plane-health`. */
  action: string;
  workload?: string;
  state: StepState;
  message: string;
  progress?: { done: number; total: number };
  /** Fixed when the intent was recorded, so that doing it twice is doing it once. */
  intent?: Record<string, unknown>;
  /** What the plan says about this step; never changes. */
  parameters: Record<string, unknown>;
  /** The actuator's own memory, e.g. how many log lines were passed on. */
  detail?: Record<string, unknown>;
  track: StepTrack;
  startedAt?: string;
  endedAt?: string;
}

/** What is known of changes that others make to a control plane during a run. */
export interface DriftMemory {
  /** By object, then by manager: when that manager changed it last. */
  seen: Record<string, Record<string, string>>;
  /** Objects and managers that were told of. */
  told: string[];
}

export interface Run {
  id: string;
  kind: RunKind;
  state: RunState;
  meshId?: string;
  fromVersion?: string;
  targetVersion: string;
  startedBy: string;
  /** Ids of all meshes it touches. */
  meshes: string[];
  /** What was asked for; absent in runs older than this field. */
  subject?: UpgradeSubject;
  /** Ids of the findings that were consented to. */
  consents: string[];
  plan: UpgradePlan;
  steps: Step[];
  /** ISO time before which it changes nothing. */
  startAt?: string;
  waitsFor?: RunWait;
  /** Present when somebody else has to agree before it starts. */
  approval?: RunApproval;
  retryOf?: string;
  returnOf?: string;
  /** Why it failed or what it waits for. */
  message?: string;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  /** Raised at every claim; a write with a former epoch is refused. */
  epoch: number;
  /** Raised whenever a person asks for something, such as a stop. */
  requests: number;
  /** Who had changed the control plane before, and what was told since. */
  drift?: DriftMemory;
}

/** What an actuator saw of the world for one step. */
export interface StepObservation {
  /**
   * `wanting`: the write is still to be made. `waiting`: somebody has to make it
   * elsewhere. `moving`: Kubernetes is at it. `unproven`: nobody can say from
   * here whether it is as it should be, and the run may do without.
   */
  state: 'wanting' | 'waiting' | 'moving' | 'done' | 'unproven' | 'failed';
  message: string;
  progress?: { done: number; total: number };
  /** What keeps it from moving, in Kubernetes' own words; they are in `message` too. */
  problem?: string;
  /** New lines for the run's event log, oldest first. */
  events?: Omit<NewRunEvent, 'stepId'>[];
  /** Replaces the step's `detail`. */
  detail?: Record<string, unknown>;
  /** With `failed`: the whole run ends at once, steps on their way are left to Kubernetes. */
  fatal?: boolean;
}

/** An event on its way into the log, which gives it id and time. */
export interface NewRunEvent {
  stepId?: string;
  level: RunEventLevel;
  message: string;
  /** A line that a program printed. */
  output?: boolean;
}

/** Told before and after every write the engine makes on a cluster. */
export interface EngineWrite {
  run: Run;
  step: Step;
  action: string;
  outcome: 'initiated' | 'succeeded' | 'failed';
  error?: Error;
}

/** What comes with one look at the world. */
export interface ObserveOptions {
  signal: AbortSignal;
  /** The database's time, which no replica's clock changes. */
  now: Date;
}

/**
 * How one kind of step is done. `observe` only reads; `act` makes one
 * idempotent write whose content is `intent`, recorded before.
 */
export interface StepActuator {
  action: string;
  observe(
    step: Step,
    run: Run,
    options: ObserveOptions,
  ): Promise<StepObservation>;
  /** Pure: what will be written. */
  intend(step: Step, run: Run, now: Date): Record<string, unknown>;
  act(step: Step, run: Run, options: { signal: AbortSignal }): Promise<void>;
}
