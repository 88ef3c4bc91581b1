import type {
  RunApproval,
  RunKind,
  RunState,
  RunSummary,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { fromDatabaseTime } from '../../../database/databaseClock';
import { isFinalRunState } from '../../transitions';
import type { Run } from '../../types';
import { fromJson, type DatabaseTime } from './columns';
import { toStep, type StepRow } from './stepRow';

export interface RunRow {
  id: string;
  kind: string;
  state: string;
  mesh_id: string | null;
  from_version: string | null;
  target_version: string;
  started_by: string;
  plan: string;
  message: string | null;
  created_at: DatabaseTime;
  started_at: DatabaseTime;
  ended_at: DatabaseTime;
  stop_requested_by: string | null;
  pause_requested_by: string | null;
  start_at: DatabaseTime;
  meshes: string;
  subject: string | null;
  consents: string;
  waits_for: string | null;
  needs_approval: boolean | number;
  decision: string | null;
  decided_by: string | null;
  decided_at: DatabaseTime;
  decision_reason: string | null;
  retry_of: string | null;
  return_of: string | null;
  requests: number;
  drift: string | null;
  lease_owner: string | null;
  lease_epoch: number;
  lease_expires_at: DatabaseTime;
}

/** What a list of runs shows; plans and what is remembered of drift are far larger. */
export const SUMMARY_COLUMNS = [
  'id',
  'kind',
  'state',
  'mesh_id',
  'from_version',
  'target_version',
  'started_by',
  'message',
  'created_at',
  'started_at',
  'ended_at',
  'stop_requested_by',
  'pause_requested_by',
  'start_at',
  'waits_for',
  'needs_approval',
  'decision',
  'decided_by',
  'decided_at',
  'decision_reason',
  'retry_of',
  'return_of',
] as const satisfies (keyof RunRow)[];

export type RunSummaryRow = Pick<RunRow, (typeof SUMMARY_COLUMNS)[number]>;

/**
 * A requested stop or pause lies beside the state, which only the lease's
 * holder writes; so neither can overwrite the other.
 */
export function stateOf(
  row: Pick<
    RunRow,
    'state' | 'started_at' | 'stop_requested_by' | 'pause_requested_by'
  >,
): RunState {
  const state = row.state as RunState;
  if (state === 'stopping' || isFinalRunState(state)) {
    return state;
  }
  if (row.stop_requested_by) {
    return 'stopping';
  }
  if (row.pause_requested_by) {
    return 'paused';
  }
  if (state === 'paused') {
    return row.started_at === null ? 'queued' : 'running';
  }
  return state;
}

/** What `stateOf` says, in SQL, so that runs can be found by it. */
export const STATE_SQL = `case
  when state in ('stopping', 'succeeded', 'failed', 'stopped') then state
  when stop_requested_by is not null then 'stopping'
  when pause_requested_by is not null then 'paused'
  when state <> 'paused' then state
  when started_at is null then 'queued'
  else 'running'
end`;

export function toRun(row: RunRow, steps: StepRow[]): Run {
  return {
    ...headOf(row),
    plan: JSON.parse(row.plan),
    epoch: row.lease_epoch,
    requests: row.requests,
    meshes: JSON.parse(row.meshes),
    subject: fromJson(row.subject),
    consents: JSON.parse(row.consents),
    drift: fromJson(row.drift),
    steps: steps.map(toStep),
  };
}

export function toSummary(
  row: RunSummaryRow,
  progress: { done: number; total: number },
): RunSummary {
  return { ...headOf(row), progress };
}

/** What a list and a page show of a run alike. */
function headOf(row: RunSummaryRow): Omit<RunSummary, 'progress'> {
  return {
    id: row.id,
    kind: row.kind as RunKind,
    state: stateOf(row),
    meshId: row.mesh_id ?? undefined,
    fromVersion: row.from_version ?? undefined,
    targetVersion: row.target_version,
    startedBy: row.started_by,
    message: row.message ?? undefined,
    createdAt: fromDatabaseTime(row.created_at)!,
    startedAt: fromDatabaseTime(row.started_at),
    endedAt: fromDatabaseTime(row.ended_at),
    ...waitingOf(row),
  };
}

/** What it waits for, and the runs it belongs to. */
function waitingOf(
  row: RunSummaryRow,
): Pick<
  RunSummary,
  'startAt' | 'waitsFor' | 'approval' | 'retryOf' | 'returnOf'
> {
  return {
    startAt: fromDatabaseTime(row.start_at),
    // A person's pause or stop says more than what it would wait for.
    waitsFor: stateOf(row) === 'waiting' ? fromJson(row.waits_for) : undefined,
    approval: row.needs_approval
      ? {
          decision: (row.decision as RunApproval['decision']) ?? undefined,
          decidedBy: row.decided_by ?? undefined,
          decidedAt: fromDatabaseTime(row.decided_at),
          reason: row.decision_reason ?? undefined,
        }
      : undefined,
    retryOf: row.retry_of ?? undefined,
    returnOf: row.return_of ?? undefined,
  };
}
