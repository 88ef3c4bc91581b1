import type { RunEvent } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import { databaseNow, toDatabaseTime } from '../../database/databaseClock';
import { shortTransaction } from '../../database/shortTransaction';
import { isFinalRunState } from '../transitions';
import type { NewRunEvent, Run } from '../types';
import { ACTIVE_STATES } from './activeStates';
import { LeaseLostError } from './errors';
import { readSteps } from './readRun';
import { toJson } from './rows/columns';
import { toRun, type RunRow } from './rows/runRow';
import { stepProgressColumns, type StepRow } from './rows/stepRow';
import { insertEvents } from './runEvents';
import type { RunLease } from './RunStore';

/** Takes every active run that is due and whose lease is free or expired. */
export async function claim(
  knex: Knex,
  options: { owner: string; leaseMs: number },
): Promise<RunLease[]> {
  const { owner, leaseMs } = options;
  const free = (query: Knex.QueryBuilder) =>
    query
      .whereIn('state', ACTIVE_STATES)
      .where(q =>
        q
          .whereNull('lease_owner')
          .orWhere('lease_expires_at', '<', databaseNow(knex)),
      )
      .where(q =>
        q.whereNull('due_at').orWhere('due_at', '<=', databaseNow(knex)),
      );
  const candidates: Pick<RunRow, 'id' | 'lease_epoch'>[] = await free(
    knex('runs').select('id', 'lease_epoch'),
  );
  const leases: RunLease[] = [];
  for (const { id, lease_epoch } of candidates) {
    const epoch = lease_epoch + 1;
    const won: number = await free(
      knex('runs').where({ id, lease_epoch }),
    ).update({
      lease_owner: owner,
      lease_epoch: epoch,
      lease_expires_at: databaseNow(knex, leaseMs),
    });
    if (won > 0) {
      leases.push({ runId: id, owner, epoch });
    }
  }
  return leases;
}

/** Extends a lease and reads its run. @throws LeaseLostError */
export async function renew(
  knex: Knex,
  lease: RunLease,
  leaseMs: number,
): Promise<{ run: Run; now: Date }> {
  await fenced(knex, lease, {
    lease_expires_at: databaseNow(knex, leaseMs),
  });
  const row = await knex<RunRow>('runs')
    .where({ id: lease.runId })
    .first('*', knex.raw('? as db_now', [databaseNow(knex)]));
  return {
    run: toRun(row, await readSteps(knex, lease.runId)),
    now: new Date(Number(row.db_now)),
  };
}

/** Writes what changed between two states of a run; a final one frees its locks. @throws LeaseLostError */
export async function record(
  knex: Knex,
  lease: RunLease,
  change: { before: Run; after: Run; events: NewRunEvent[] },
): Promise<RunEvent[]> {
  const { before, after, events } = change;
  return shortTransaction(knex, async tx => {
    const final = isFinalRunState(after.state);
    // First, because on PostgreSQL the updated row keeps a rival's claim
    // waiting until everything here is committed.
    await fenced(tx, lease, {
      state: after.state,
      message: after.message ?? null,
      waits_for: toJson(after.waitsFor),
      drift: toJson(after.drift),
      started_at: toDatabaseTime(after.startedAt),
      ended_at: final ? databaseNow(tx) : null,
      ...(final && { lease_owner: null }),
    });
    const former = new Map(before.steps.map(step => [step.id, step]));
    for (const step of after.steps) {
      if (former.get(step.id) !== step) {
        await tx<StepRow>('run_steps')
          .where({ run_id: after.id, id: step.id })
          .update(stepProgressColumns(step));
      }
    }
    if (final) {
      await tx('run_locks').where({ run_id: after.id }).delete();
    }
    return insertEvents(tx, after.id, events);
  });
}

/** Lets anybody claim the run, at once or after a rest. @throws LeaseLostError */
export async function release(
  knex: Knex,
  lease: RunLease,
  rest?: { until: Date; requests: number },
): Promise<void> {
  await fenced(knex, lease, {
    lease_owner: null,
    // Whoever asked for something since the run was read is not kept waiting.
    due_at: rest
      ? knex.raw(
          'case when requests = ? then cast(? as bigint) else null end',
          [rest.requests, rest.until.getTime()],
        )
      : null,
  });
}

async function fenced(
  knex: Knex,
  lease: RunLease,
  columns: object,
): Promise<void> {
  const changed = await knex('runs')
    .where({
      id: lease.runId,
      lease_owner: lease.owner,
      lease_epoch: lease.epoch,
    })
    .update(columns);
  if (changed === 0) {
    throw new LeaseLostError(
      `Run '${lease.runId}' is driven by somebody else since epoch ${lease.epoch}`,
    );
  }
}
