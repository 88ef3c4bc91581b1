import { createHash, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { WorkloadDetail } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { MeshProxyVersion } from '../collect/ProxyCensus';
import type { InventoriedControlPlane } from '../rules/controlPlanes';
import type { MeshParts } from '../rules/meshParts';
import { replaceRows } from './replaceRows';
import {
  toClusterRow,
  toControlPlaneRow,
  toWorkloadDocument,
  toWorkloadRow,
} from './rows';
import type {
  InventoriedCluster,
  WorkloadDocumentRow,
  WorkloadRow,
} from './rows';

/** Rows per statement: far below the bind variable limits of both databases. */
const CHUNK = 200;

/** What a batch changes; absent parts stay as they are. */
export interface ClusterBatch {
  cluster?: InventoriedCluster;
  controlPlanes?: InventoriedControlPlane[];
  meshParts?: MeshParts[];
  proxyVersions?: MeshProxyVersion[];
  workloads?: {
    upserts: WorkloadDetail[];
    /** Ids; `allOthers` removes every workload of the cluster that is not in `upserts`. */
    removals: string[] | 'allOthers';
  };
}

/** What a batch changed: the cluster's own state, or what runs on it. */
export type StoredChange = 'clusters' | 'inventory';

/** Writes one cluster's part of the inventory, each batch in one transaction and only what differs. */
export class ClusterWriter {
  readonly #knex: Knex;
  readonly #cluster: string;
  readonly #guard: ((trx: Knex.Transaction) => Promise<void>) | undefined;
  readonly #onChange: ((kind: StoredChange) => void) | undefined;
  /** Digest of each stored workload; undefined until the stored ones are known. */
  #stored: Map<string, string> | undefined;
  /** The small tables as they were written last, as JSON. */
  #written = new Map<string, string>();

  static create(options: {
    database: Knex;
    cluster: string;
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
    this.#guard = options.guard;
    this.#onChange = options.onChange;
  }

  async write(batch: ClusterBatch): Promise<void> {
    const stored = await this.#storedDigests();
    const { changed, removed } = difference(batch.workloads, stored);
    const replaced = this.#differingTables(batch);
    await this.#knex.transaction(async trx => {
      await this.#guard?.(trx);
      if (batch.cluster) {
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
      for (const rows of chunksOf(changed)) {
        await upsertWorkloads(trx, rows);
      }
      for (const ids of chunksOf(removed)) {
        await trx('workload_owners').whereIn('workload_id', ids).delete();
        await trx('workload_documents').whereIn('workload_id', ids).delete();
        await trx('workloads').whereIn('id', ids).delete();
      }
      if (changed.length + removed.length > 0) {
        await trx('workload_marks')
          .insert({ cluster: this.#cluster, mark: randomUUID() })
          .onConflict('cluster')
          .merge();
      }
    });
    // After the commit: a batch that failed has to be found different again.
    changed.forEach(({ row, digest }) => stored.set(row.id, digest));
    removed.forEach(id => stored.delete(id));
    replaced.forEach(({ table, json }) => this.#written.set(table, json));
    const controlPlanes = this.#remember('control_planes', batch.controlPlanes);
    if (
      controlPlanes ||
      changed.length + removed.length + replaced.length > 0
    ) {
      this.#onChange?.('inventory');
    }
    if (this.#remember('clusters', batch.cluster && visible(batch.cluster))) {
      this.#onChange?.('clusters');
    }
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

/** Without the time of the last look, which moves all the time. */
function visible({ view, meshIds }: InventoriedCluster): object {
  return { ...view, observedAt: undefined, meshIds };
}

interface ChangedRow {
  row: WorkloadRow;
  document: WorkloadDocumentRow;
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
      const document = toWorkloadDocument(detail);
      return {
        row: toWorkloadRow(detail),
        document,
        owners: detail.owners,
        digest: digestOf(document),
      };
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

function digestOf({ view, pods }: WorkloadDocumentRow): string {
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
  await trx('workload_documents')
    .insert(changed.map(({ document }) => document))
    .onConflict('workload_id')
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
