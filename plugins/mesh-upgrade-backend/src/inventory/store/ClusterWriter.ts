import type { Knex } from 'knex';
import { shortTransaction } from '../../database/shortTransaction';
import type { MeshProxyVersion } from '../collect/ProxyCensus';
import type { InventoriedControlPlane } from '../rules/controlPlanes';
import type { MeshParts } from '../rules/meshParts';
import { logChanges } from './logChanges';
import { replaceRows } from './replaceRows';
import { toClusterRow, toControlPlaneRow } from './rows';
import type { InventoriedCluster } from './rows';
import { workloadChanges } from './workloadChanges';
import type { WriteTurns } from './writeTurns';
import type {
  StoredWorkload,
  WorkloadBatch,
  WorkloadChanges,
} from './workloadChanges';

/** Rows per statement: far below the bind variable limits of both databases. */
const CHUNK = 200;

/** A cluster's time of the last look alone is written no more often than this, in milliseconds. */
const LOOK_MS = 2_000;

/** What a batch changes; absent parts stay as they are. */
export interface ClusterBatch {
  cluster?: InventoriedCluster;
  controlPlanes?: InventoriedControlPlane[];
  meshParts?: MeshParts[];
  proxyVersions?: MeshProxyVersion[];
  workloads?: WorkloadBatch;
}

/** What a batch changed: the cluster's own state, or what runs on it. */
export type StoredChange = 'clusters' | 'inventory';

/** Writes one cluster's part of the inventory, each batch in one transaction and only what differs. */
export class ClusterWriter {
  readonly #knex: Knex;
  readonly #cluster: string;
  readonly #turns: WriteTurns;
  readonly #guard: ((trx: Knex.Transaction) => Promise<void>) | undefined;
  readonly #onChange: ((kind: StoredChange) => void) | undefined;
  /** By id; undefined until the stored ones are known. */
  #stored: Map<string, StoredWorkload> | undefined;
  #lookWritten = -Infinity;
  /** The small tables as they were written last, as JSON. */
  #written = new Map<string, string>();

  static create(options: {
    database: Knex;
    cluster: string;
    /** Shared by the writers of a database; every batch at once without. */
    turns?: WriteTurns;
    /** Rejects when the batch must not be stored; runs in its transaction. */
    guard?: (trx: Knex.Transaction) => Promise<void>;
    /** Called after the commit of something that readers see. */
    onChange?: (kind: StoredChange) => void;
  }): ClusterWriter {
    return new ClusterWriter(options);
  }

  private constructor(options: Parameters<typeof ClusterWriter.create>[0]) {
    this.#knex = options.database;
    this.#cluster = options.cluster;
    this.#turns = options.turns ?? (write => write());
    this.#guard = options.guard;
    this.#onChange = options.onChange;
  }

  async write(batch: ClusterBatch): Promise<void> {
    const stored = await this.#storedWorkloads();
    const workloads = workloadChanges(batch.workloads, stored);
    const replaced = this.#differingTables(batch);
    const look = this.#isDue(batch.cluster);
    const store = async (trx: Knex.Transaction) => {
      await this.#guard?.(trx);
      if (batch.cluster && look) {
        await trx('clusters')
          .insert(toClusterRow(batch.cluster))
          .onConflict('name')
          .merge();
      }
      if (batch.controlPlanes) {
        await this.#replaceControlPlanes(trx, batch.controlPlanes);
      }
      for (const { table, rows } of replaced) {
        await replaceRows(trx, table, this.#cluster, rows);
      }
      await storeWorkloads(trx, workloads);
      if (workloads.counted.length > 0) {
        await logChanges(trx, this.#cluster, workloads.counted);
      }
    };
    await this.#turns(() => shortTransaction(this.#knex, store));
    // After the commit: a batch that failed has to be found different again.
    workloads.stored.forEach((digests, id) => stored.set(id, digests));
    workloads.removed.forEach(id => stored.delete(id));
    replaced.forEach(({ table, json }) => this.#written.set(table, json));
    if (look) {
      this.#lookWritten = performance.now();
    }
    const controlPlanes = this.#remember('control_planes', batch.controlPlanes);
    if (
      controlPlanes ||
      workloads.stored.size + workloads.removed.length + replaced.length > 0
    ) {
      this.#onChange?.('inventory');
    }
    if (this.#remember('clusters', batch.cluster && visible(batch.cluster))) {
      this.#onChange?.('clusters');
    }
  }

  #isDue(cluster: InventoriedCluster | undefined): boolean {
    return (
      cluster !== undefined &&
      (this.#written.get('clusters') !== JSON.stringify(visible(cluster)) ||
        performance.now() - this.#lookWritten > LOOK_MS)
    );
  }

  /** True when it differs from what was remembered before. */
  #remember(table: string, content: object | undefined): boolean {
    const json = JSON.stringify(content);
    const differs = content !== undefined && this.#written.get(table) !== json;
    if (differs) {
      this.#written.set(table, json);
    }
    return differs;
  }

  #differingTables({ meshParts, proxyVersions }: ClusterBatch) {
    const cluster = this.#cluster;
    return [
      {
        table: 'mesh_parts',
        rows: meshParts?.map(parts => ({
          cluster,
          mesh_id: parts.meshId,
          view: JSON.stringify(parts),
        })),
      },
      {
        table: 'proxy_versions',
        rows: proxyVersions?.map(({ meshId, version, pods }) => ({
          cluster,
          mesh_id: meshId,
          version,
          pods,
        })),
      },
    ].flatMap(({ table, rows }) => {
      const json = JSON.stringify(rows);
      return rows && this.#written.get(table) !== json
        ? [{ table, rows, json }]
        : [];
    });
  }

  async #storedWorkloads(): Promise<Map<string, StoredWorkload>> {
    if (!this.#stored) {
      const ids: string[] = await this.#knex('workloads')
        .where({ cluster: this.#cluster })
        .pluck('id');
      // What an earlier process wrote is rewritten once: its digests are not known.
      this.#stored = new Map(ids.map(id => [id, {}]));
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

/** Without the time of the last look, which moves all the time. */
function visible({ view, meshIds }: InventoriedCluster): object {
  return { ...view, observedAt: undefined, meshIds };
}

async function storeWorkloads(
  trx: Knex.Transaction,
  { rows, documents, owners, removed }: WorkloadChanges,
): Promise<void> {
  for (const some of chunksOf(rows)) {
    await trx('workloads').insert(some).onConflict('id').merge();
  }
  for (const some of chunksOf(documents)) {
    await trx('workload_documents')
      .insert(some)
      .onConflict('workload_id')
      .merge();
  }
  for (const ids of chunksOf([...owners.map(({ id }) => id), ...removed])) {
    await trx('workload_owners').whereIn('workload_id', ids).delete();
  }
  for (const some of chunksOf(
    owners.flatMap(({ id, owners: refs }) =>
      refs.map(owner => ({ workload_id: id, owner })),
    ),
  )) {
    await trx('workload_owners').insert(some);
  }
  for (const ids of chunksOf(removed)) {
    await trx('workload_documents').whereIn('workload_id', ids).delete();
    await trx('workloads').whereIn('id', ids).delete();
  }
}

function* chunksOf<T>(items: T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += CHUNK) {
    yield items.slice(start, start + CHUNK);
  }
}
