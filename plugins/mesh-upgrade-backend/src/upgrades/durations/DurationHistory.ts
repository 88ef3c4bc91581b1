import type { RunKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import type { SeenDuration } from './usualDurations';

/** Runs of each kind that are looked back at. */
const RUNS = 50;
/** Runs of many workloads tell no more than this. */
const STEPS = 5_000;
const KEPT_MS = 30_000;

/** How long the steps of the latest runs took, read at most every half minute. */
export class DurationHistory {
  readonly #knex: Knex;
  #known: { until: number; seen: Promise<SeenDuration[]> } | undefined;

  static create(options: { database: Knex }): DurationHistory {
    return new DurationHistory(options.database);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async seen(): Promise<SeenDuration[]> {
    const now = performance.now();
    if (!this.#known || this.#known.until < now) {
      const seen = this.#read();
      this.#known = { until: now + KEPT_MS, seen };
      // An error is told to who waits for it, and not kept.
      seen.catch(() => {
        this.#known = undefined;
      });
    }
    return this.#known.seen;
  }

  async #read(): Promise<SeenDuration[]> {
    const knex = this.#knex;
    const latest = knex('runs')
      .select(
        'id',
        'kind',
        'state',
        knex.raw(
          'row_number() over (partition by kind order by created_at desc) as place',
        ),
      )
      .whereNotNull('ended_at')
      .as('run');
    const rows: {
      kind: string;
      action: string;
      title: string;
      ms: number | string;
    }[] = await knex(latest)
      .join('run_steps as step', 'step.run_id', 'run.id')
      .where('run.place', '<=', RUNS)
      // A proof that could not be made took its time as well.
      .where(taken =>
        taken
          .where('step.state', 'succeeded')
          .orWhere({ 'step.state': 'skipped', 'run.state': 'succeeded' }),
      )
      .whereNotNull('step.started_at')
      .whereNotNull('step.ended_at')
      .orderBy('run.place')
      .limit(STEPS)
      .select(
        'run.kind',
        'step.action',
        'step.title',
        knex.raw('step.ended_at - step.started_at as ms'),
      );
    return rows.map(row => ({
      ...row,
      kind: row.kind as RunKind,
      ms: Number(row.ms),
    }));
  }
}
