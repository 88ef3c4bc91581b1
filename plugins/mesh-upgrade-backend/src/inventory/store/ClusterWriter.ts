import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { WorkloadDetail } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedControlPlane } from '../rules/controlPlanes';
import { toClusterRow, toControlPlaneRow, toWorkloadRow } from './rows';
import type { InventoriedCluster, WorkloadRow } from './rows';

/** Rows per statement: far below the bind variable limits of both databases. */
const CHUNK = 200;

/** What a batch changes; absent parts stay as they are. */
export interface ClusterBatch {
  cluster?: InventoriedCluster;
  controlPlanes?: InventoriedControlPlane[];
  workloads?: {
    upserts: WorkloadDetail[];
    /** Ids; `allOthers` removes every workload of the cluster that is not in `upserts`. */
    removals: string[] | 'allOthers';
  };
}

/** Writes one cluster's part of the inventory, each batch in one transaction and only what differs. */
export class ClusterWriter {
  readonly #knex: Knex;
  readonly #cluster: string;
  /** Digest of each stored workload; undefined until the stored ones are known. */
  #stored: Map<string, string> | undefined;

  static create(options: { database: Knex; cluster: string }): ClusterWriter {
    return new ClusterWriter(options);
  }

  private constructor(options: { database: Knex; cluster: string }) {
    this.#knex = options.database;
    this.#cluster = options.cluster;
  }

  async write(batch: ClusterBatch): Promise<void> {
    const stored = await this.#storedDigests();
    const { changed, removed } = difference(batch.workloads, stored);
    await this.#knex.transaction(async trx => {
      if (batch.cluster) {
        await trx('clusters')
          .insert(toClusterRow(batch.cluster))
          .onConflict('name')
          .merge();
      }
      if (batch.controlPlanes) {
        await this.#replaceControlPlanes(trx, batch.controlPlanes);
      }
      for (const rows of chunksOf(changed)) {
        await upsertWorkloads(trx, rows);
      }
      for (const ids of chunksOf(removed)) {
        await trx('workload_owners').whereIn('workload_id', ids).delete();
        await trx('workloads').whereIn('id', ids).delete();
      }
    });
    // After the commit: a batch that failed has to be found different again.
    changed.forEach(({ row, digest }) => stored.set(row.id, digest));
    removed.forEach(id => stored.delete(id));
  }

  async #storedDigests(): Promise<Map<string, string>> {
    if (!this.#stored) {
      const ids: string[] = await this.#knex('workloads')
        .where({ cluster: this.#cluster })
        .pluck('id');
      // What an earlier process wrote is rewritten once: its digests are not known.
      this.#stored = new Map(ids.map(id => [id, '']));
    }
    return this.#stored;
  }

  async #replaceControlPlanes(
    trx: Knex.Transaction,
    controlPlanes: InventoriedControlPlane[],
  ): Promise<void> {
    const rows = controlPlanes.map(toControlPlaneRow);
    await trx('control_planes')
      .where({ cluster: this.#cluster })
      .whereNotIn(
        'id',
        rows.map(({ id }) => id),
      )
      .delete();
    if (rows.length > 0) {
      await trx('control_planes').insert(rows).onConflict('id').merge();
    }
  }
}

interface ChangedRow {
  row: WorkloadRow;
  owners: string[];
  digest: string;
}

function difference(
  workloads: ClusterBatch['workloads'],
  stored: ReadonlyMap<string, string>,
): { changed: ChangedRow[]; removed: string[] } {
  if (!workloads) {
    return { changed: [], removed: [] };
  }
  const changed = workloads.upserts
    .map(detail => {
      const row = toWorkloadRow(detail);
      return { row, owners: detail.owners, digest: digestOf(row) };
    })
    .filter(({ row, digest }) => stored.get(row.id) !== digest);
  if (workloads.removals !== 'allOthers') {
    return {
      changed,
      removed: workloads.removals.filter(id => stored.has(id)),
    };
  }
  const kept = new Set(workloads.upserts.map(({ id }) => id));
  return { changed, removed: [...stored.keys()].filter(id => !kept.has(id)) };
}

function digestOf({ view, pods }: WorkloadRow): string {
  return createHash('sha1').update(view).update(pods).digest('base64');
}

async function upsertWorkloads(
  trx: Knex.Transaction,
  changed: ChangedRow[],
): Promise<void> {
  const ids = changed.map(({ row }) => row.id);
  await trx('workloads')
    .insert(changed.map(({ row }) => row))
    .onConflict('id')
    .merge();
  await trx('workload_owners').whereIn('workload_id', ids).delete();
  const owners = changed.flatMap(({ row, owners: refs }) =>
    refs.map(owner => ({ workload_id: row.id, owner })),
  );
  for (const rows of chunksOf(owners)) {
    await trx('workload_owners').insert(rows);
  }
}

function* chunksOf<T>(items: T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += CHUNK) {
    yield items.slice(start, start + CHUNK);
  }
}
