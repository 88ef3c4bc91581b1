import { InputError } from '@backstage/errors';
import type {
  RunFilter,
  RunPage,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import { toDatabaseTime } from '../../database/databaseClock';
import { ACTIVE_STATES } from './activeStates';
import {
  STATE_SQL,
  SUMMARY_COLUMNS,
  toSummary,
  type RunSummaryRow,
} from './rows/runRow';
import { progressOf } from './runProgress';

const ENDED = 'case when ended_at is null then 0 else 1 end';
const Cursor = z.tuple([
  z.union([z.literal(0), z.literal(1)]),
  z.number().int(),
  z.string(),
]);

/**
 * Runs under a filter, those not over first, then newest first.
 *
 * @throws InputError for a cursor that no page named
 */
export async function listRuns(
  knex: Knex,
  filter: RunFilter & { limit: number; cursor?: string },
): Promise<RunPage> {
  const { limit } = filter;
  const query = knex('runs')
    .select(...SUMMARY_COLUMNS)
    .orderByRaw(ENDED)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit + 1);
  narrow(query, knex, filter);
  if (filter.cursor !== undefined) {
    goOnAfter(query, filter.cursor);
  }
  const found: RunSummaryRow[] = await query;
  const rows = found.slice(0, limit);
  const progress = await progressOf(
    knex,
    rows.map(row => row.id),
  );
  return {
    items: rows.map(row =>
      toSummary(row, progress.get(row.id) ?? { done: 0, total: 0 }),
    ),
    next: found.length > limit ? cursorOf(rows[limit - 1]) : undefined,
  };
}

function narrow(query: Knex.QueryBuilder, knex: Knex, filter: RunFilter) {
  const { mesh, workload, active, kind, state, startedBy } = filter;
  if (mesh !== undefined) {
    query.where('mesh_id', mesh);
  }
  if (workload !== undefined) {
    query.whereIn('id', knex('run_steps').select('run_id').where({ workload }));
  }
  if (active !== undefined) {
    query[active ? 'whereIn' : 'whereNotIn']('state', ACTIVE_STATES);
  }
  if (kind !== undefined) {
    query.whereIn('kind', kind);
  }
  if (state !== undefined) {
    const values = state.map(() => '?').join(', ');
    query.whereRaw(`(${STATE_SQL}) in (${values})`, state);
  }
  if (startedBy !== undefined) {
    query.where('started_by', startedBy);
  }
  if (filter.since !== undefined) {
    query.where('created_at', '>=', toDatabaseTime(filter.since));
  }
  if (filter.until !== undefined) {
    query.where('created_at', '<', toDatabaseTime(filter.until));
  }
}

function cursorOf(row: RunSummaryRow): string {
  const last: z.infer<typeof Cursor> = [
    row.ended_at === null ? 0 : 1,
    Number(row.created_at),
    row.id,
  ];
  return Buffer.from(JSON.stringify(last)).toString('base64url');
}

function goOnAfter(query: Knex.QueryBuilder, cursor: string) {
  const [ended, createdAt, id] = parseCursor(cursor);
  query.where(q =>
    q
      .whereRaw(`${ENDED} > ?`, [ended])
      .orWhere(same =>
        same
          .whereRaw(`${ENDED} = ?`, [ended])
          .where(later =>
            later
              .where('created_at', '<', createdAt)
              .orWhere(twin =>
                twin.where('created_at', createdAt).where('id', '>', id),
              ),
          ),
      ),
  );
}

function parseCursor(cursor: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
  } catch {
    throw new InputError(
      `The cursor '${cursor}' is not one of this list; start without a cursor`,
    );
  }
}
