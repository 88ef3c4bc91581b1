import type {
  WorkloadFacetKey,
  WorkloadFacets,
  WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import type { WorkloadVisibility } from '../types';
import { workloadSearch } from './workloadFilter';
import { WorkloadIndex } from './WorkloadIndex';
import type { CountedValues, IndexedWorkload } from './WorkloadIndex';

/** Different searches whose tallies are kept; one holds the ids of what it found. */
const KEPT = 16;

const FACETS: WorkloadFacetKey[] = [
  'mesh',
  'cluster',
  'namespace',
  'kind',
  'status',
  'version',
];

/** Which workloads of a search have the same values in everything that is counted. */
interface Tally extends CountedValues {
  ids: string[];
}

/** The tallies of one cluster, and its mark when they were asked for. */
interface ClusterTallies {
  mark: string | null;
  tallies: Promise<Tally[]>;
}

/** What is found by a query, pages and order apart. */
export interface Found {
  total: number;
  ids(): string[];
  facets(): WorkloadFacets;
}

/**
 * Searches and counts workloads in memory. What a search by text and owners
 * finds is kept for each cluster until the cluster's mark tells that one of
 * its workloads changed: what is counted is exact, on every replica.
 */
export class WorkloadTallies {
  readonly #index: WorkloadIndex;
  readonly #kept = new Map<string, Map<string, ClusterTallies>>();

  static create(options: { database: Knex }): WorkloadTallies {
    return new WorkloadTallies(WorkloadIndex.create(options));
  }

  private constructor(index: WorkloadIndex) {
    this.#index = index;
  }

  async find(
    query: WorkloadQuery,
    visibility: WorkloadVisibility | undefined,
  ): Promise<Found> {
    const tallies = await this.#tallies(query, visibility);
    const matching = tallies.filter(tally => matches(tally, query));
    return {
      total: sum(matching),
      ids: () => matching.flatMap(({ ids }) => ids),
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
    const clusters = await this.#index.clusters();
    const kept = this.#keptOf(
      JSON.stringify([text, owner, visibility?.owners]),
    );
    const isFound = workloadSearch({ text, owner }, visibility);
    const current = clusters.map(({ cluster, mark, workloads }) => {
      const known = kept.get(cluster);
      if (known?.mark === mark) {
        return known.tallies;
      }
      const tallies = workloads.then(all =>
        tallyUp([...all.values()].filter(isFound)),
      );
      kept.set(cluster, { mark, tallies });
      // What failed is counted again by the next question.
      tallies.catch(() => kept.delete(cluster));
      return tallies;
    });
    return (await Promise.all(current)).flat();
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
}

function tallyUp(workloads: IndexedWorkload[]): Tally[] {
  const tallies = new Map<CountedValues, Tally>();
  for (const { id, counted } of workloads) {
    const known = tallies.get(counted);
    if (known) {
      known.ids.push(id);
    } else {
      tallies.set(counted, { ...counted, ids: [id] });
    }
  }
  return [...tallies.values()];
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
  for (const one of tallies) {
    if (matches(one, query, key)) {
      for (const value of one.values[key]) {
        counts.set(value, (counts.get(value) ?? 0) + one.ids.length);
      }
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

function sum(tallies: Tally[]): number {
  return tallies.reduce((total, { ids }) => total + ids.length, 0);
}
