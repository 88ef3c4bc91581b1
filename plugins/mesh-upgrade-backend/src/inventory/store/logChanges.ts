import type { Knex } from 'knex';

/** Of more than these whoever keeps workloads in memory reads the whole cluster again. */
const MANY = 200;

/** So many of the last changes of all clusters are kept; who missed more reads the whole cluster. */
const KEPT = 20_000;

/** Older ones are removed once in so many, to save a statement with most writes. */
const PRUNE_EVERY = 1_000;

/** Tells every reader, of each replica, which workloads of a cluster to read again. */
export async function logChanges(
  trx: Knex.Transaction,
  cluster: string,
  workloads: string[],
): Promise<void> {
  const changed = workloads.length > MANY ? [null] : workloads;
  const logged: { id: number | string }[] = await trx('workload_changes')
    .insert(changed.map(id => ({ cluster, workload_id: id })))
    .returning('id');
  const ids = logged.map(({ id }) => Number(id));
  const mark = Math.max(...ids);
  await trx('workload_marks')
    .insert({ cluster, mark: `${mark}` })
    .onConflict('cluster')
    .merge();
  if (ids.some(id => id % PRUNE_EVERY === 0)) {
    await trx('workload_changes')
      .where('id', '<', mark - KEPT)
      .delete();
  }
}
