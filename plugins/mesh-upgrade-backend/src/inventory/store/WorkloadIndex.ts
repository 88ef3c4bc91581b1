import type { WorkloadFacetKey } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import { readVersions } from './rows';

/** The same values in everything that is counted; workloads that have them share one. */
export interface CountedValues {
  values: Record<WorkloadFacetKey, string[]>;
  outdated: boolean;
}

/** What one workload is searched and counted by. */
export interface IndexedWorkload {
  id: string;
  /** In lower case. */
  searchText: string;
  owners: readonly string[];
  counted: CountedValues;
}

/** One cluster's workloads, and its mark when they were asked for. */
export interface IndexedCluster {
  cluster: string;
  /** Null until a workload of it changed for the first time. */
  mark: string | null;
  workloads: Promise<readonly IndexedWorkload[]>;
}

interface CountedRow {
  id: string;
  mesh_id: string | null;
  cluster: string;
  namespace: string;
  kind: string;
  status: string;
  versions: string;
  outdated: number;
  search_text: string;
}

const NOBODY: readonly string[] = [];

/**
 * What workloads are searched and counted by, held for each cluster until the
 * cluster's mark tells that it changed: databases take several times as long
 * to look for a part of a word. Some hundred bytes for each workload.
 */
export class WorkloadIndex {
  readonly #knex: Knex;
  readonly #kept = new Map<string, IndexedCluster>();

  static create(options: { database: Knex }): WorkloadIndex {
    return new WorkloadIndex(options.database);
  }

  private constructor(database: Knex) {
    this.#knex = database;
  }

  /** Every cluster as it is stored now, by whichever replica. */
  async clusters(): Promise<IndexedCluster[]> {
    // Read before the workloads: these may be newer than their mark, never older.
    const marks: { cluster: string; mark: string | null }[] = await this.#knex(
      'clusters',
    )
      .leftJoin('workload_marks', 'workload_marks.cluster', 'clusters.name')
      .select('clusters.name as cluster', 'mark');
    const stale = marks.filter(
      ({ cluster, mark }) => this.#kept.get(cluster)?.mark !== mark,
    );
    if (stale.length > 0) {
      this.#keep(stale);
    }
    this.#forgetOthers(marks.map(({ cluster }) => cluster));
    return marks.map(({ cluster }) => this.#kept.get(cluster)!);
  }

  #keep(stale: Pick<IndexedCluster, 'cluster' | 'mark'>[]): void {
    const read = this.#read(stale.map(({ cluster }) => cluster));
    for (const { cluster, mark } of stale) {
      const workloads = read.then(found => found.get(cluster) ?? []);
      const indexed = { cluster, mark, workloads };
      this.#kept.set(cluster, indexed);
      // What failed is read again for the next question.
      workloads.catch(() => {
        if (this.#kept.get(cluster) === indexed) {
          this.#kept.delete(cluster);
        }
      });
    }
  }

  #forgetOthers(clusters: string[]): void {
    for (const cluster of this.#kept.keys()) {
      if (!clusters.includes(cluster)) {
        this.#kept.delete(cluster);
      }
    }
  }

  async #read(clusters: string[]): Promise<Map<string, IndexedWorkload[]>> {
    const [rows, owners] = await Promise.all([
      this.#knex<CountedRow>('workloads')
        .whereIn('cluster', clusters)
        .select(
          'id',
          'mesh_id',
          'cluster',
          'namespace',
          'kind',
          'status',
          'versions',
          'outdated',
          'search_text',
        ),
      this.#ownersIn(clusters),
    ]);
    const found = new Map<string, IndexedWorkload[]>();
    const counted = new Map<string, CountedValues>();
    for (const row of rows) {
      const key = countedKey(row);
      const values = counted.get(key) ?? countedValues(row);
      counted.set(key, values);
      const workloads = found.get(row.cluster) ?? [];
      found.set(row.cluster, workloads);
      workloads.push({
        id: row.id,
        searchText: row.search_text,
        owners: owners.get(row.id) ?? NOBODY,
        counted: values,
      });
    }
    return found;
  }

  async #ownersIn(clusters: string[]): Promise<Map<string, string[]>> {
    const rows: { workload_id: string; owner: string }[] = await this.#knex(
      'workload_owners',
    )
      .join('workloads', 'workloads.id', 'workload_owners.workload_id')
      .whereIn('workloads.cluster', clusters)
      .select('workload_id', 'owner');
    const owners = new Map<string, string[]>();
    for (const { workload_id: id, owner } of rows) {
      owners.set(id, [...(owners.get(id) ?? []), owner]);
    }
    return owners;
  }
}

function countedKey(row: CountedRow): string {
  return JSON.stringify([
    row.mesh_id,
    row.cluster,
    row.namespace,
    row.kind,
    row.status,
    row.versions,
    row.outdated,
  ]);
}

function countedValues(row: CountedRow): CountedValues {
  return {
    values: {
      mesh: row.mesh_id === null ? [] : [row.mesh_id],
      cluster: [row.cluster],
      namespace: [row.namespace],
      kind: [row.kind],
      status: [row.status],
      version: readVersions(row.versions),
    },
    outdated: row.outdated === 1,
  };
}
