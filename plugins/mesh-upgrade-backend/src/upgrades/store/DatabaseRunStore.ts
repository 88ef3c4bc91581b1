import type {
  LastUpgrade,
  RunEvent,
  RunSummary,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import { isFinalRunState } from '../transitions';
import type { NewRunEvent, Run } from '../types';
import { databaseNow, toDatabaseTime } from '../../database/databaseClock';
import { LeaseLostError, RunConflictError } from './errors';
import {
  stepProgressColumns,
  toEvent,
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

const ACTIVE = ['queued', 'running', 'waiting', 'paused', 'stopping'];
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
    await this.#knex.transaction(async tx => {
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
        { level: 'info', message: `Started by ${run.startedBy}` },
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

  async list(filter: {
    meshId?: string;
    workload?: string;
    active?: boolean;
    limit: number;
  }): Promise<RunSummary[]> {
    const { meshId, workload, active, limit } = filter;
    const knex = this.#knex;
    const query = knex<RunRow>('runs')
      .orderByRaw('case when ended_at is null then 0 else 1 end')
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(limit);
    if (meshId !== undefined) {
      query.where('mesh_id', meshId);
    }
    if (active !== undefined) {
      query[active ? 'whereIn' : 'whereNotIn']('state', ACTIVE);
    }
    if (workload !== undefined) {
      query.whereIn(
        'id',
        knex('run_steps').select('run_id').where({ workload }),
      );
    }
    const rows: RunRow[] = await query;
    const progress = await this.#progress(rows.map(row => row.id));
    return rows.map(row =>
      toSummary(row, progress.get(row.id) ?? { done: 0, total: 0 }),
    );
  }

  async events(
    runId: string,
    options: { after?: number; limit: number },
  ): Promise<RunEvent[]> {
    const rows: EventRow[] = await this.#knex<EventRow>('run_events')
      .where({ run_id: runId })
      .where('id', '>', options.after ?? 0)
      .orderBy('id')
      .limit(options.limit);
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
      query =>
        query
          .whereNull('stop_requested_by')
          .update({ stop_requested_by: stoppedBy }),
      { level: 'warning', message: `Stop asked for by ${stoppedBy}` },
    );
  }

  async requestPause(runId: string, pausedBy: string): Promise<boolean> {
    return this.#request(
      runId,
      query =>
        query
          .whereNull('stop_requested_by')
          .whereNull('pause_requested_by')
          .update({ pause_requested_by: pausedBy }),
      { level: 'info', message: `Pause asked for by ${pausedBy}` },
    );
  }

  async resume(runId: string, resumedBy: string): Promise<boolean> {
    return this.#request(
      runId,
      query =>
        query
          .whereNotNull('pause_requested_by')
          .update({ pause_requested_by: null }),
      { level: 'info', message: `Resumed by ${resumedBy}` },
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
        .whereIn('state', ACTIVE)
        .where(q =>
          q
            .whereNull('lease_owner')
            .orWhere('lease_expires_at', '<', databaseNow(knex)),
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
    return this.#knex.transaction(async tx => {
      const final = isFinalRunState(after.state);
      // First, because on PostgreSQL the updated row keeps a rival's claim
      // waiting until everything here is committed.
      await fenced(tx, lease, {
        state: after.state,
        message: after.message ?? null,
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

  async release(lease: RunLease): Promise<void> {
    await fenced(this.#knex, lease, { lease_owner: null });
  }

  /** Notes a wish beside the state of an active run, and the event with it. */
  #request(
    runId: string,
    change: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
    event: NewRunEvent,
  ): Promise<boolean> {
    return this.#knex.transaction(async tx => {
      const changed: number = await change(
        tx('runs').where({ id: runId }).whereIn('state', ACTIVE),
      );
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
      })
      .returning('*');
    inserted.push(toEvent(row));
  }
  return inserted;
}
