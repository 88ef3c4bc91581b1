import type { Knex } from 'knex';
import { fromClusterRow } from './rows';
import type { ClusterRow, InventoriedCluster } from './rows';

/** What was stored of a cluster before; undefined for one that was never read. */
export async function formerCluster(
  database: Knex,
  name: string,
): Promise<InventoriedCluster | undefined> {
  const row: ClusterRow | undefined = await database('clusters')
    .where({ name })
    .first();
  return row && fromClusterRow(row);
}
