import type { WorkloadQuery } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useAddress } from '../../hooks';

/** What restricts a list beyond its filters, e.g. to the workloads of an entity. */
export type WorkloadScope = Pick<WorkloadQuery, 'owner'>;

/** The workload filters of the address. */
export function useWorkloadFilters(scope: WorkloadScope) {
  const { params, change } = useAddress();
  const all = (key: string) => {
    const values = params.getAll(key);
    return values.length > 0 ? values : undefined;
  };
  const query: WorkloadQuery = {
    text: params.get('text') ?? undefined,
    mesh: all('mesh'),
    cluster: all('cluster'),
    namespace: all('namespace'),
    kind: all('kind'),
    status: all('status'),
    outdated: params.get('outdated') === 'true' ? true : undefined,
    ...scope,
  };
  const filtered = Object.entries(query).some(
    ([key, value]) => value !== undefined && !(key in scope),
  );
  return { query, filtered, change };
}
