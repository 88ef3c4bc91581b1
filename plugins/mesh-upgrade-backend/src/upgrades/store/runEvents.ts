import type { RunEvent } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import { databaseNow } from '../../database/databaseClock';
import type { NewRunEvent } from '../types';
import { toEvent, type EventRow } from './rows/eventRow';

/** Ascending; `after` is the last id already known. */
export async function readEvents(
  knex: Knex,
  runId: string,
  options: { after?: number; output?: boolean; limit: number },
): Promise<RunEvent[]> {
  const query = knex<EventRow>('run_events')
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

/** Adds to the log of a run. */
export async function insertEvents(
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
