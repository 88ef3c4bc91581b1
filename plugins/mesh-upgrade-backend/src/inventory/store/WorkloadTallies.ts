import type {
  WorkloadFacetKey,
  WorkloadFacets,
  WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import type { WorkloadVisibility } from '../types';
import { readVersions } from './rows';
import { applyWorkloadFilter } from './workloadFilter';

/** Different searches whose tallies are kept; one holds a few thousand small objects at most. */
const KEPT = 16;

const FACETS: WorkloadFacetKey[] = [
  'mesh',
  'cluster',
  'namespace',
  'kind',
  'status',
  'version',
];

/** How many workloads have the same values in everything that is counted. */
interface Tally {
  values: Record<WorkloadFacetKey, string[]>;
  outdated: boolean;
  count: number;
}

/** The tallies of one cluster, and its mark when they were asked for. */
interface ClusterTallies {
  mark: string;
  tallies: Promise<Tally[]>;
}

/**
 * Counts workloads. All counts of a search come from one grouped query, whose
 * result is kept for each cluster until the cluster's mark tells that one of
 * its workloads changed: what is counted is exact, on every replica.
 */
export class WorkloadTallies {
  readonly #knex: Knex;
  readonly #kept = new Map<string, Map<string, ClusterTallies>>();

  static create(options: { database: Knex }): WorkloadTallies {
    return new WorkloadTallies(options.database);
  }

  private constructor(database: Knex) {
    this.#knex = database;
  }

  async count(
    query: WorkloadQuery,
    visibility: WorkloadVisibility | undefined,
  ): Promise<{ total: number; facets: () => WorkloadFacets }> {
    const tallies = await this.#tallies(query, visibility);
    return {
      total: sum(tallies.filter(tally => matches(tally, query))),
      facets: () =>
        Object.fromEntries(
          FACETS.map(key => [key, countValues(tallies, query, key)]),
        ) as WorkloadFacets,
    };
  }

  async #tallies(
    { text, owner }: WorkloadQuery,
    visibility: WorkloadVisibility | undefined,
  ): Promise<Tally[]> {
    // Read before counting: a count may be newer than its mark, never older.
    const marks: { cluster: string; mark: string }[] = await this.#knex(
      'workload_marks',
    ).select('cluster', 'mark');
    const kept = this.#keptOf(
      JSON.stringify([text, owner, visibility?.owners]),
    );
    const stale = marks.filter(
      ({ cluster, mark }) => kept.get(cluster)?.mark !== mark,
    );
    if (stale.length > 0) {
      const clusters = stale.map(({ cluster }) => cluster);
      const counted = this.#query(clusters, { text, owner }, visibility);
      for (const { cluster, mark } of stale) {
        const tallies = counted.then(found => found.get(cluster) ?? []);
        kept.set(cluster, { mark, tallies });
        // What failed is counted again by the next question.
        tallies.catch(() => kept.delete(cluster));
      }
    }
    const current = await Promise.all(
      marks.map(({ cluster }) => kept.get(cluster)?.tallies ?? []),
    );
    return current.flat();
  }

  /** The search asked for last is forgotten last. */
  #keptOf(search: string): Map<string, ClusterTallies> {
    const kept = this.#kept.get(search) ?? new Map<string, ClusterTallies>();
    this.#kept.delete(search);
    this.#kept.set(search, kept);
    if (this.#kept.size > KEPT) {
      this.#kept.delete(this.#kept.keys().next().value!);
    }
    return kept;
  }

  async #query(
    clusters: string[],
    query: WorkloadQuery,
    visibility: WorkloadVisibility | undefined,
  ): Promise<Map<string, Tally[]>> {
    const columns = [
      'mesh_id',
      'cluster',
      'namespace',
      'kind',
      'status',
      'versions',
      'outdated',
    ];
    const rows = await this.#knex('workloads')
      .whereIn('cluster', clusters)
      .modify(builder => applyWorkloadFilter(builder, query, visibility))
      .select(columns)
      .count({ count: '*' })
      .groupBy(columns);
    const found = new Map<string, Tally[]>(clusters.map(each => [each, []]));
    for (const row of rows) {
      found.get(row.cluster)!.push({
        values: {
          mesh: row.mesh_id === null ? [] : [row.mesh_id],
          cluster: [row.cluster],
          namespace: [row.namespace],
          kind: [row.kind],
          status: [row.status],
          version: readVersions(row.versions),
        },
        outdated: row.outdated === 1,
        // PostgreSQL answers counts as strings.
        count: Number(row.count),
      });
    }
    return found;
  }
}

function matches(
  { values, outdated }: Tally,
  query: WorkloadQuery,
  except?: WorkloadFacetKey,
): boolean {
  return (
    (query.outdated === undefined || query.outdated === outdated) &&
    FACETS.every(key => {
      const wanted = query[key];
      return (
        key === except ||
        wanted === undefined ||
        wanted.length === 0 ||
        values[key].some(value => wanted.includes(value))
      );
    })
  );
}

function countValues(
  tallies: Tally[],
  query: WorkloadQuery,
  key: WorkloadFacetKey,
): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const tally of tallies) {
    if (matches(tally, query, key)) {
      for (const value of tally.values[key]) {
        counts.set(value, (counts.get(value) ?? 0) + tally.count);
      }
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

function sum(tallies: Tally[]): number {
  return tallies.reduce((total, { count }) => total + count, 0);
}
