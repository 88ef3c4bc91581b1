import type { Knex } from 'knex';

/** How many steps of each run have succeeded, by run id; runs without steps are absent. */
export async function progressOf(
  knex: Knex,
  ids: string[],
): Promise<Map<string, { done: number; total: number }>> {
  const rows: { run_id: string; state: string; steps: number | string }[] =
    await knex('run_steps')
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
