import type { Knex } from 'knex';

/** Of more than these whoever keeps workloads in memory reads the whole cluster again. */
const MANY = 200;

/** So many of the last changes of all clusters are kept; who missed more reads the whole cluster. */
const KEPT = 20_000;

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
  const mark = Math.max(...logged.map(({ id }) => Number(id)));
  await trx('workload_marks')
    .insert({ cluster, mark: `${mark}` })
    .onConflict('cluster')
    .merge();
  await trx('workload_changes')
    .where({ cluster })
    .where('id', '<', mark - KEPT)
    .delete();
}
