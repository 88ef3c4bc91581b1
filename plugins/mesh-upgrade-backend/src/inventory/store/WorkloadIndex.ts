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

type IndexedWorkloads = ReadonlyMap<string, IndexedWorkload>;

/** One cluster's workloads by id, and its mark when they were asked for. */
export interface IndexedCluster {
  cluster: string;
  /** Null until a workload of it changed for the first time. */
  mark: string | null;
  workloads: Promise<IndexedWorkloads>;
}

interface IndexedRow {
  id: string;
  mesh_id: string | null;
  cluster: string;
  namespace: string;
  kind: string;
  status: string;
  versions: string;
  outdated: number;
  search_text: string;
  /** One of them: a workload has a row for each, and one when it has none. */
  owner: string | null;
}

/** The workload's columns are null when it is gone. */
type ChangeRow = (IndexedRow | { id: null }) & {
  change: number | string;
  changed: string | null;
};

const COLUMNS = [
  'workloads.id',
  'mesh_id',
  'workloads.cluster',
  'namespace',
  'kind',
  'status',
  'versions',
  'outdated',
  'search_text',
  'owner',
];

const NOBODY: readonly string[] = [];

/** Different combinations of values, beyond which they are shared anew. */
const MOST_COUNTED = 20_000;

/**
 * What workloads are searched and counted by, held for each cluster and kept
 * up by the log of changes: databases take several times as long to look for
 * a part of a word. Some hundred bytes for each workload.
 */
export class WorkloadIndex {
  readonly #knex: Knex;
  readonly #kept = new Map<string, IndexedCluster>();
  readonly #counted = new Map<string, CountedValues>();

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
    for (const { cluster, mark } of marks) {
      if (this.#kept.get(cluster)?.mark !== mark) {
        this.#keep(cluster, mark);
      }
    }
    this.#forgetOthers(marks.map(({ cluster }) => cluster));
    return marks.map(({ cluster }) => this.#kept.get(cluster)!);
  }

  #keep(cluster: string, mark: string | null): void {
    const workloads = this.#read(cluster, this.#kept.get(cluster));
    const indexed = { cluster, mark, workloads };
    this.#kept.set(cluster, indexed);
    // What failed is read again for the next question.
    workloads.catch(() => {
      if (this.#kept.get(cluster) === indexed) {
        this.#kept.delete(cluster);
      }
    });
  }

  #forgetOthers(clusters: string[]): void {
    for (const cluster of this.#kept.keys()) {
      if (!clusters.includes(cluster)) {
        this.#kept.delete(cluster);
      }
    }
  }

  async #read(
    cluster: string,
    former: IndexedCluster | undefined,
  ): Promise<IndexedWorkloads> {
    const known = await former?.workloads.catch(() => undefined);
    const changed = known && (await this.#changedSince(former!));
    if (!changed) {
      const all: IndexedRow[] = await this.#knex('workloads')
        .leftJoin('workload_owners', 'workload_id', 'workloads.id')
        .where({ cluster })
        .select(COLUMNS);
      return this.#index(all);
    }
    const workloads = new Map(known);
    changed.ids.forEach(id => workloads.delete(id));
    changed.workloads.forEach((workload, id) => workloads.set(id, workload));
    return workloads;
  }

  /** Undefined when the log does not tell everything since then. */
  async #changedSince({
    cluster,
    mark,
  }: IndexedCluster): Promise<
    { ids: Set<string>; workloads: IndexedWorkloads } | undefined
  > {
    const since = Number(mark ?? NaN);
    if (!Number.isSafeInteger(since)) {
      return undefined;
    }
    const rows: ChangeRow[] = await this.#knex('workload_changes as log')
      .leftJoin('workloads', 'workloads.id', 'log.workload_id')
      .leftJoin(
        'workload_owners',
        'workload_owners.workload_id',
        'workloads.id',
      )
      .where('log.cluster', cluster)
      // With the one that was known, which proves that none after it is lost.
      .where('log.id', '>=', since)
      .orderBy('log.id')
      .select('log.id as change', 'log.workload_id as changed', ...COLUMNS);
    const isComplete = Number(rows[0]?.change) === since;
    const news = rows.filter(({ change }) => Number(change) > since);
    if (!isComplete || news.some(({ changed }) => changed === null)) {
      return undefined;
    }
    return {
      ids: new Set(news.map(({ changed }) => changed!)),
      workloads: this.#index(
        news.filter((row): row is ChangeRow & IndexedRow => row.id !== null),
      ),
    };
  }

  #index(rows: IndexedRow[]): IndexedWorkloads {
    const owners = ownersIn(rows);
    return new Map(
      rows.map(row => [
        row.id,
        {
          id: row.id,
          searchText: row.search_text,
          owners: owners.get(row.id) ?? NOBODY,
          counted: this.#countedOf(row),
        },
      ]),
    );
  }

  #countedOf(row: IndexedRow): CountedValues {
    const key = countedKey(row);
    const counted = this.#counted.get(key) ?? countedValues(row);
    if (this.#counted.size >= MOST_COUNTED) {
      this.#counted.clear();
    }
    this.#counted.set(key, counted);
    return counted;
  }
}

function ownersIn(rows: IndexedRow[]): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const { id, owner } of rows) {
    const known = owners.get(id) ?? [];
    // A workload that changed twice is told twice.
    if (owner !== null && !known.includes(owner)) {
      owners.set(id, [...known, owner]);
    }
  }
  return owners;
}

function countedKey(row: IndexedRow): string {
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

function countedValues(row: IndexedRow): CountedValues {
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
