import type {
  WorkloadQuery,
  WorkloadSort,
  WorkloadSortKey,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useAddress } from '../../hooks';

/** What restricts a list beyond its filters, e.g. to the workloads of an entity. */
export type WorkloadScope = Pick<WorkloadQuery, 'owner'>;

const SORT_KEYS: readonly WorkloadSortKey[] = [
  'name',
  'namespace',
  'cluster',
  'version',
  'pods',
  'outdated',
];

/** The workload filters and the order of the address. */
export function useWorkloadFilters(scope: WorkloadScope) {
  const { params, change } = useAddress();
  const all = (key: string) => {
    const values = params.getAll(key);
    return values.length > 0 ? values : undefined;
  };
  const filters: WorkloadQuery = {
    text: params.get('text') ?? undefined,
    mesh: all('mesh'),
    cluster: all('cluster'),
    namespace: all('namespace'),
    kind: all('kind'),
    status: all('status'),
    version: all('version'),
    outdated: params.get('outdated') === 'true' ? true : undefined,
    ...scope,
  };
  const filtered = Object.entries(filters).some(
    ([key, value]) => value !== undefined && !(key in scope),
  );
  const query = { ...filters, sort: sortOf(params.get('sort')) };
  return { query, filtered, change };
}

/** An order that does not exist, e.g. of a mistyped address, is none. */
function sortOf(value: string | null): WorkloadSort | undefined {
  return SORT_KEYS.some(key => value === key || value === `-${key}`)
    ? (value as WorkloadSort)
    : undefined;
}
