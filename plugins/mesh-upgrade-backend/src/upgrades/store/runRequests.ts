import type { Knex } from 'knex';
import { databaseNow } from '../../database/databaseClock';
import { shortTransaction } from '../../database/shortTransaction';
import type { NewRunEvent } from '../types';
import { ACTIVE_STATES } from './activeStates';
import { insertEvents } from './runEvents';

/** What a person asks of an active run, as columns beside its state, with the event that tells of it. */
export interface RunRequest {
  /** Which runs it changes anything for. */
  narrow(query: Knex.QueryBuilder): Knex.QueryBuilder;
  columns: object;
  event: NewRunEvent;
}

/** Notes a request; false when the run is over, or the request changes nothing. */
export function noteRequest(
  knex: Knex,
  runId: string,
  { narrow, columns, event }: RunRequest,
): Promise<boolean> {
  return shortTransaction(knex, async tx => {
    const changed: number = await narrow(
      tx('runs').where({ id: runId }).whereIn('state', ACTIVE_STATES),
    ).update({
      ...columns,
      requests: tx.raw('requests + 1'),
      due_at: null,
    });
    if (changed > 0) {
      await insertEvents(tx, runId, [event]);
    }
    return changed > 0;
  });
}

export function stopRequest(stoppedBy: string): RunRequest {
  return {
    narrow: query => query.whereNull('stop_requested_by'),
    columns: { stop_requested_by: stoppedBy },
    event: { level: 'warning', message: `Stop asked for by ${stoppedBy}` },
  };
}

export function pauseRequest(pausedBy: string): RunRequest {
  return {
    narrow: query =>
      query.whereNull('stop_requested_by').whereNull('pause_requested_by'),
    columns: { pause_requested_by: pausedBy },
    event: { level: 'info', message: `Pause asked for by ${pausedBy}` },
  };
}

export function resumeRequest(resumedBy: string): RunRequest {
  return {
    narrow: query => query.whereNotNull('pause_requested_by'),
    columns: { pause_requested_by: null },
    event: { level: 'info', message: `Resumed by ${resumedBy}` },
  };
}

export function approval(knex: Knex, approvedBy: string): RunRequest {
  return {
    narrow: undecided,
    columns: { ...decided(knex, approvedBy), decision: 'approved' },
    event: { level: 'info', message: `Approved by ${approvedBy}` },
  };
}

export function rejection(
  knex: Knex,
  { rejectedBy, reason }: { rejectedBy: string; reason?: string },
): RunRequest {
  return {
    narrow: undecided,
    columns: {
      ...decided(knex, rejectedBy),
      decision: 'rejected',
      decision_reason: reason ?? null,
      stop_requested_by: rejectedBy,
    },
    event: {
      level: 'warning',
      message: `Rejected by ${rejectedBy}${reason ? `: ${reason}` : ''}`,
    },
  };
}

/** Narrows to runs whose approval is still to be decided. */
function undecided(query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query
    .where('needs_approval', true)
    .whereNull('decision')
    .whereNull('stop_requested_by');
}

function decided(knex: Knex, decidedBy: string) {
  return { decided_by: decidedBy, decided_at: databaseNow(knex) };
}
