import type {
  RunEvent,
  RunEventLevel,
  RunPhase,
  RunState,
  RunSummary,
  RunView,
  StartRunRequest,
  StepState,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/**
 * The doors of the upgrades room. Authorization has happened before.
 *
 * `plan` and `start` throw `InputError` (empty selection, unknown workload or
 * mesh, target older, of another family or unknown, blocked by a check),
 * `ConflictError` with `runId` (another run holds the mesh or a workload) and
 * `ConflictError` with `plan` (the world changed since the plan).
 */
export interface UpgradeService {
  plan(subject: UpgradeSubject): Promise<UpgradePlan>;
  start(request: StartRunRequest, options: { startedBy: string }): Promise<RunView>;
  stop(runId: string, options: { stoppedBy: string }): Promise<RunView>;
  run(id: string): Promise<RunView | undefined>;
  runs(filter: { meshId?: string; workload?: string; active?: boolean; limit?: number }): Promise<RunSummary[]>;
  events(runId: string, options: { after?: number; limit?: number }): Promise<RunEvent[]>;
  activeRuns(): Promise<RunSummary[]>;
}

/** One step as the engine sees it; `detail` is the driver's own and survives restarts. */
export interface Step {
  id: string;
  phase: RunPhase;
  title: string;
  cluster: string;
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
  startedAt?: string;
  endedAt?: string;
}

export interface Run {
  id: string;
  kind: 'mesh' | 'sidecars';
  state: RunState;
  meshId?: string;
  fromVersion?: string;
  targetVersion: string;
  startedBy: string;
  plan: UpgradePlan;
  steps: Step[];
  /** Raised at every claim; a write with a former epoch is refused. */
  epoch: number;
}

/** What an actuator saw of the world for one step. */
export interface StepObservation {
  /** `wanting`: the write is still to be made. `moving`: Kubernetes is at it. */
  state: 'wanting' | 'moving' | 'done' | 'failed';
  message: string;
  progress?: { done: number; total: number };
  /** New lines for the run's event log, oldest first. */
  events?: { level: RunEventLevel; message: string }[];
}

/**
 * How one kind of step is done. `observe` only reads; `act` makes one
 * idempotent write whose content is `intent`, recorded before.
 */
export interface StepActuator {
  action: string;
  observe(step: Step, run: Run, options: { signal: AbortSignal }): Promise<StepObservation>;
  /** Pure: what will be written. */
  intend(step: Step, run: Run, now: Date): Record<string, unknown>;
  act(step: Step, run: Run, options: { signal: AbortSignal }): Promise<void>;
}
