import type {
  LastUpgrade,
  RunEvent,
  RunFilter,
  RunPage,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { NewRunEvent, Run } from '../types';

/** The right to drive a run, until it expires or somebody else claims it. */
export interface RunLease {
  runId: string;
  owner: string;
  epoch: number;
}

/** A run as it is created: nothing has happened to it. */
export type NewRun = Omit<
  Run,
  | 'state'
  | 'epoch'
  | 'requests'
  | 'createdAt'
  | 'startedAt'
  | 'endedAt'
  | 'message'
  | 'waitsFor'
  | 'approval'
  | 'drift'
> & {
  /** Nothing is changed before somebody else approves. */
  needsApproval: boolean;
};

/** What an active run keeps others from. */
export interface RunLock {
  /** `mesh:<id>` or `workload:<id>`. */
  key: string;
  /** Two runs share a key unless one of them wants it alone. */
  exclusive: boolean;
}

/**
 * Keeps runs, their steps, their events and what they lock.
 *
 * Driving a run is fenced: `renew`, `record` and `release` throw
 * `LeaseLostError` as soon as the run was claimed with a newer epoch.
 */
export interface RunStore {
  /**
   * @param events - the first ones, after that it was started
   * @throws ConflictError with `runId` when an active run holds one of the locks.
   */
  create(run: NewRun, locks: RunLock[], events?: NewRunEvent[]): Promise<void>;
  /** @throws ConflictError with `runId`, see `create`. */
  assertFree(locks: RunLock[]): Promise<void>;
  get(id: string): Promise<Run | undefined>;
  /**
   * Newest first, those still active before all others.
   *
   * @param filter - `cursor` is the `next` of the page before
   * @throws InputError for a cursor that no page named
   */
  list(
    filter: RunFilter & { limit: number; cursor?: string },
  ): Promise<RunPage>;
  /** Ascending; `after` is the last id already known, `output` keeps or leaves out what Jobs printed. */
  events(
    runId: string,
    options: { after?: number; output?: boolean; limit: number },
  ): Promise<RunEvent[]>;
  /** The step of each workload that ended last, by workload id. */
  lastUpgrades(workloads: string[]): Promise<Map<string, LastUpgrade>>;
  /** False when the run is over already or was asked before. */
  requestStop(runId: string, stoppedBy: string): Promise<boolean>;
  /** False when the run is over, stopping, or paused already. */
  requestPause(runId: string, pausedBy: string): Promise<boolean>;
  /** False when the run is not paused. */
  resume(runId: string, resumedBy: string): Promise<boolean>;
  /** False when nothing is to be decided, or somebody has decided. */
  approve(runId: string, approvedBy: string): Promise<boolean>;
  /** As `approve`; the run is asked to stop with it. */
  reject(
    runId: string,
    rejection: { rejectedBy: string; reason?: string },
  ): Promise<boolean>;
  /** Takes every active run that is due and whose lease is free or expired. */
  claim(options: { owner: string; leaseMs: number }): Promise<RunLease[]>;
  /** Extends the lease and reads the run; `now` is the database's time. */
  renew(lease: RunLease, leaseMs: number): Promise<{ run: Run; now: Date }>;
  /** Writes what changed between two states of a run. A final state frees its locks. */
  record(
    lease: RunLease,
    change: { before: Run; after: Run; events: NewRunEvent[] },
  ): Promise<RunEvent[]>;
  /**
   * Lets anybody claim the run: at once, or from `rest.until` on when nobody
   * has asked for anything since the run was read with `rest.requests`.
   */
  release(
    lease: RunLease,
    rest?: { until: Date; requests: number },
  ): Promise<void>;
}
