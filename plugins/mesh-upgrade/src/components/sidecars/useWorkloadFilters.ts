import type {
  WorkloadQuery,
  WorkloadSort,
  WorkloadSortKey,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useAddress } from '../../hooks';

/** What restricts a list beyond its filters, e.g. to the workloads of an entity. */
export type WorkloadScope = Pick<WorkloadQuery, 'owner' | 'mesh'>;

const SORT_KEYS: readonly WorkloadSortKey[] = [
  'name',
  'namespace',
  'cluster',
  'version',
  'pods',
  'outdated',
];

const MANY = ['mesh', 'cluster', 'namespace', 'kind', 'status', 'version'];
const ONE = ['text', 'outdated'];

/** The workload filters and the order of the address. */
export function useWorkloadFilters(scope: WorkloadScope) {
  const { params, change } = useAddress();
  const filters: WorkloadQuery = {
    text: params.get('text') ?? undefined,
    outdated: params.get('outdated') === 'true' ? true : undefined,
    ...Object.fromEntries(
      MANY.filter(key => params.has(key)).map(key => [key, params.getAll(key)]),
    ),
    ...scope,
  };
  const set = Object.entries(filters).filter(
    ([key, value]) => value !== undefined && !(key in scope),
  );
  return {
    query: { ...filters, sort: sortOf(params.get('sort')) },
    /** How many filters are set. */
    chosen: set.length,
    change,
    clear: () =>
      change(
        Object.fromEntries([...MANY, ...ONE].map(key => [key, undefined])),
      ),
  };
}

/** An order that does not exist, e.g. of a mistyped address, is none. */
function sortOf(value: string | null): WorkloadSort | undefined {
  return SORT_KEYS.some(key => value === key || value === `-${key}`)
    ? (value as WorkloadSort)
    : undefined;
}
