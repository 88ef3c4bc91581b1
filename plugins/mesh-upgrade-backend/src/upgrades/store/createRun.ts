import type { Knex } from 'knex';
import { databaseNow, toDatabaseTime } from '../../database/databaseClock';
import { shortTransaction } from '../../database/shortTransaction';
import type { NewRunEvent } from '../types';
import { BATCH } from './batch';
import { toJson } from './rows/columns';
import { toStepRow } from './rows/stepRow';
import { insertEvents } from './runEvents';
import { assertFree } from './runLocks';
import type { NewRun, RunLock } from './RunStore';

/** A step has more columns than other rows. */
const STEP_BATCH = 20;

/**
 * Writes a run with its steps, its locks and its first events, or nothing of it.
 *
 * @throws RunConflictError when an active run holds one of the locks
 */
export async function createRun(
  knex: Knex,
  run: NewRun,
  locks: RunLock[],
  events: NewRunEvent[],
): Promise<void> {
  await shortTransaction(knex, async tx => {
    // Two starts at once pass one after the other, and the second sees the locks of the first.
    await tx('run_gates')
      .insert({ name: 'start', passes: 1 })
      .onConflict('name')
      .merge({ passes: tx.raw('run_gates.passes + 1') });
    await assertFree(tx, locks);
    await tx('runs').insert({
      id: run.id,
      kind: run.kind,
      state: 'queued',
      mesh_id: run.meshId ?? null,
      from_version: run.fromVersion ?? null,
      target_version: run.targetVersion,
      started_by: run.startedBy,
      plan: JSON.stringify(run.plan),
      meshes: JSON.stringify(run.meshes),
      subject: toJson(run.subject),
      consents: JSON.stringify(run.consents),
      start_at: toDatabaseTime(run.startAt),
      needs_approval: run.needsApproval,
      retry_of: run.retryOf ?? null,
      return_of: run.returnOf ?? null,
      created_at: databaseNow(tx),
    });
    await tx.batchInsert(
      'run_locks',
      locks.map(lock => ({ ...lock, run_id: run.id })),
      BATCH,
    );
    await tx.batchInsert(
      'run_steps',
      run.steps.map((step, ordinal) => toStepRow(run.id, step, ordinal)),
      STEP_BATCH,
    );
    await insertEvents(tx, run.id, [
      {
        level: 'info',
        message: run.startAt
          ? `Started by ${run.startedBy}, to change nothing before ${run.startAt}`
          : `Started by ${run.startedBy}`,
      },
      ...events,
    ]);
  });
}
