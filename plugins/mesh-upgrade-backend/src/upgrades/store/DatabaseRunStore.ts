import type {
  LastUpgrade,
  RunEvent,
  RunFilter,
  RunPage,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import { isFinalRunState } from '../transitions';
import type { NewRunEvent, Run } from '../types';
import { databaseNow, toDatabaseTime } from '../../database/databaseClock';
import { shortTransaction } from '../../database/shortTransaction';
import { LeaseLostError, RunConflictError } from './errors';
import { ACTIVE_STATES, listRuns } from './listRuns';
import {
  stepProgressColumns,
  toEvent,
  toJson,
  toLastUpgrade,
  toRun,
  toStepRow,
  toSummary,
  type EventRow,
  type LastUpgradeRow,
  type RunRow,
  type StepRow,
} from './rows';
import type { NewRun, RunLease, RunLock, RunStore } from './RunStore';

/** Bound variables of one statement are limited, most tightly by SQLite. */
const BATCH = 100;

/** Keeps runs in SQLite or PostgreSQL. */
export class DatabaseRunStore implements RunStore {
  readonly #knex: Knex;

  static create(options: { database: Knex }): DatabaseRunStore {
    return new DatabaseRunStore(options.database);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async create(
    run: NewRun,
    locks: RunLock[],
    events: NewRunEvent[] = [],
  ): Promise<void> {
    await shortTransaction(this.#knex, async tx => {
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
        20,
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

  async assertFree(locks: RunLock[]): Promise<void> {
    await assertFree(this.#knex, locks);
  }

  async get(id: string): Promise<Run | undefined> {
    const row = await this.#knex<RunRow>('runs').where({ id }).first();
    return row && toRun(row, await this.#steps(id));
  }

  async list(
    filter: RunFilter & { limit: number; cursor?: string },
  ): Promise<RunPage> {
    const { rows, next } = await listRuns(this.#knex, filter);
    const progress = await this.#progress(rows.map(row => row.id));
    return {
      items: rows.map(row =>
        toSummary(row, progress.get(row.id) ?? { done: 0, total: 0 }),
      ),
      next,
    };
  }

  async events(
    runId: string,
    options: { after?: number; output?: boolean; limit: number },
  ): Promise<RunEvent[]> {
    const query = this.#knex<EventRow>('run_events')
      .where({ run_id: runId })
      .where('id', '>', options.after ?? 0)
      .orderBy('id')
      .limit(options.limit);
    if (options.output !== undefined) {
      query.where('output', options.output);
    }
    const rows: EventRow[] = await query;
    return rows.map(toEvent);
  }

  async lastUpgrades(workloads: string[]): Promise<Map<string, LastUpgrade>> {
    const found = new Map<string, LastUpgrade>();
    for (let i = 0; i < workloads.length; i += BATCH) {
      const latest = this.#knex('run_steps')
        .select('workload')
        .max({ ended_at: 'ended_at' })
        .whereIn('workload', workloads.slice(i, i + BATCH))
        .whereIn('state', ['succeeded', 'failed'])
        .groupBy('workload')
        .as('latest');
      const rows: LastUpgradeRow[] = await this.#knex(latest)
        .join('run_steps as step', join =>
          join
            .on('step.workload', 'latest.workload')
            .andOn('step.ended_at', 'latest.ended_at'),
        )
        .join('runs as run', 'run.id', 'step.run_id')
        .select(
          'step.workload',
          'step.run_id',
          'step.state',
          'step.ended_at',
          'run.target_version',
        );
      for (const row of rows) {
        found.set(row.workload, toLastUpgrade(row));
      }
    }
    return found;
  }

  async requestStop(runId: string, stoppedBy: string): Promise<boolean> {
    return this.#request(
      runId,
      query => query.whereNull('stop_requested_by'),
      { stop_requested_by: stoppedBy },
      { level: 'warning', message: `Stop asked for by ${stoppedBy}` },
    );
  }

  async requestPause(runId: string, pausedBy: string): Promise<boolean> {
    return this.#request(
      runId,
      query =>
        query.whereNull('stop_requested_by').whereNull('pause_requested_by'),
      { pause_requested_by: pausedBy },
      { level: 'info', message: `Pause asked for by ${pausedBy}` },
    );
  }

  async resume(runId: string, resumedBy: string): Promise<boolean> {
    return this.#request(
      runId,
      query => query.whereNotNull('pause_requested_by'),
      { pause_requested_by: null },
      { level: 'info', message: `Resumed by ${resumedBy}` },
    );
  }

  async approve(runId: string, approvedBy: string): Promise<boolean> {
    return this.#request(
      runId,
      undecided,
      { ...decided(this.#knex, approvedBy), decision: 'approved' },
      { level: 'info', message: `Approved by ${approvedBy}` },
    );
  }

  async reject(
    runId: string,
    rejection: { rejectedBy: string; reason?: string },
  ): Promise<boolean> {
    const { rejectedBy, reason } = rejection;
    return this.#request(
      runId,
      undecided,
      {
        ...decided(this.#knex, rejectedBy),
        decision: 'rejected',
        decision_reason: reason ?? null,
        stop_requested_by: rejectedBy,
      },
      {
        level: 'warning',
        message: `Rejected by ${rejectedBy}${reason ? `: ${reason}` : ''}`,
      },
    );
  }

  async claim(options: {
    owner: string;
    leaseMs: number;
  }): Promise<RunLease[]> {
    const { owner, leaseMs } = options;
    const knex = this.#knex;
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

  async renew(
    lease: RunLease,
    leaseMs: number,
  ): Promise<{ run: Run; now: Date }> {
    await fenced(this.#knex, lease, {
      lease_expires_at: databaseNow(this.#knex, leaseMs),
    });
    const row = await this.#knex<RunRow>('runs')
      .where({ id: lease.runId })
      .first('*', this.#knex.raw('? as db_now', [databaseNow(this.#knex)]));
    return {
      run: toRun(row, await this.#steps(lease.runId)),
      now: new Date(Number(row.db_now)),
    };
  }

  async record(
    lease: RunLease,
    change: { before: Run; after: Run; events: NewRunEvent[] },
  ): Promise<RunEvent[]> {
    const { before, after, events } = change;
    return shortTransaction(this.#knex, async tx => {
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

  async release(
    lease: RunLease,
    rest?: { until: Date; requests: number },
  ): Promise<void> {
    await fenced(this.#knex, lease, {
      lease_owner: null,
      // Whoever asked for something since the run was read is not kept waiting.
      due_at: rest
        ? this.#knex.raw(
            'case when requests = ? then cast(? as bigint) else null end',
            [rest.requests, rest.until.getTime()],
          )
        : null,
    });
  }

  /** Notes a wish beside the state of an active run, and the event with it. */
  #request(
    runId: string,
    narrow: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
    columns: object,
    event: NewRunEvent,
  ): Promise<boolean> {
    return shortTransaction(this.#knex, async tx => {
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

  async #steps(runId: string): Promise<StepRow[]> {
    return this.#knex<StepRow>('run_steps')
      .where({ run_id: runId })
      .orderBy('ordinal');
  }

  async #progress(
    ids: string[],
  ): Promise<Map<string, { done: number; total: number }>> {
    const rows: { run_id: string; state: string; steps: number | string }[] =
      await this.#knex('run_steps')
        .select('run_id', 'state')
        .count({ steps: '*' })
        .whereIn('run_id', ids)
        .groupBy('run_id', 'state');
    const progress = new Map<string, { done: number; total: number }>();
    for (const { run_id, state, steps } of rows) {
      const { done, total } = progress.get(run_id) ?? { done: 0, total: 0 };
      progress.set(run_id, {
        done: done + (state === 'succeeded' ? Number(steps) : 0),
        total: total + Number(steps),
      });
    }
    return progress;
  }
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

async function assertFree(knex: Knex, locks: RunLock[]): Promise<void> {
  for (let i = 0; i < locks.length; i += BATCH) {
    const batch = locks.slice(i, i + BATCH);
    const keysOf = (exclusive: boolean) =>
      batch.filter(lock => lock.exclusive === exclusive).map(lock => lock.key);
    const holder: { key: string; run_id: string } | undefined = await knex(
      'run_locks',
    )
      .whereIn('key', keysOf(true))
      .orWhere(q => q.whereIn('key', keysOf(false)).where('exclusive', true))
      .orderBy('key')
      .first('key', 'run_id');
    if (holder) {
      const [kind, ...id] = holder.key.split(':');
      throw new RunConflictError(
        `Run '${holder.run_id}' is upgrading ${kind} '${id.join(
          ':',
        )}'; wait for its end or stop it`,
        holder.run_id,
      );
    }
  }
}

async function insertEvents(
  tx: Knex,
  runId: string,
  events: NewRunEvent[],
): Promise<RunEvent[]> {
  const inserted: RunEvent[] = [];
  // One by one: the order of ids of a multi-row insert is not promised.
  for (const event of events) {
    const [row]: EventRow[] = await tx('run_events')
      .insert({
        run_id: runId,
        step_id: event.stepId ?? null,
        at: databaseNow(tx),
        level: event.level,
        message: event.message,
        output: event.output ?? false,
      })
      .returning('*');
    inserted.push(toEvent(row));
  }
  return inserted;
}
