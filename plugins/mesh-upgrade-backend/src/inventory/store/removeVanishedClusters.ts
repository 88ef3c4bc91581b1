import type { Knex } from 'knex';

/** Forgets every cluster that is not configured any more. Returns their names. */
export async function removeVanishedClusters(
  database: Knex,
  configured: string[],
): Promise<string[]> {
  return database.transaction(async trx => {
    const vanished: string[] = await trx('clusters')
      .whereNotIn('name', configured)
      .pluck('name');
    if (vanished.length > 0) {
      await trx('workload_owners')
        .whereIn(
          'workload_id',
          trx('workloads').select('id').whereIn('cluster', vanished),
        )
        .delete();
      await trx('workloads').whereIn('cluster', vanished).delete();
      await trx('control_planes').whereIn('cluster', vanished).delete();
      await trx('clusters').whereIn('name', vanished).delete();
    }
    return vanished;
  });
}
