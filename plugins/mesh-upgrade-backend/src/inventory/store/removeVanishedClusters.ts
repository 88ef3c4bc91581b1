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
      for (const table of ['workload_owners', 'workload_documents']) {
        await trx(table)
          .whereIn(
            'workload_id',
            trx('workloads').select('id').whereIn('cluster', vanished),
          )
          .delete();
      }
      for (const table of [
        'workload_changes',
        'workload_marks',
        'workloads',
        'control_planes',
        'mesh_parts',
        'proxy_versions',
      ]) {
        await trx(table).whereIn('cluster', vanished).delete();
      }
      await trx('clusters').whereIn('name', vanished).delete();
    }
    return vanished;
  });
}
