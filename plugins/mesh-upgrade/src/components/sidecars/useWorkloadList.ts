import { useApi } from '@backstage/frontend-plugin-api';
import type {
  WorkloadFacets,
  WorkloadPage,
  WorkloadQuery,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef, type MeshUpgradeApi } from '../../api';
import { useLive } from '../../hooks';

/** The most the backend gives at once. */
const LARGEST_PAGE = 500;

/** The first `count` workloads that match and what the filters would give, kept up to date. */
export function useWorkloadList(query: WorkloadQuery, count: number) {
  const api = useApi(meshUpgradeApiRef);
  return useLive(
    `${listKey(query)} ${count}`,
    () => loadWorkloads(api, { ...query, facets: true }, count),
    5_000,
    ['inventory'],
  );
}

/** Names the list that a query gives, however much of it is loaded. */
export function listKey(query: WorkloadQuery): string {
  return JSON.stringify(query);
}

/**
 * Follows the cursor until `count` workloads have come or there are no more.
 * Facets cover all pages and are asked for once.
 */
export async function loadWorkloads(
  api: MeshUpgradeApi,
  query: WorkloadQuery,
  count: number,
): Promise<WorkloadPage> {
  const items: WorkloadView[] = [];
  let cursor: string | undefined;
  let total = 0;
  let facets: WorkloadFacets | undefined;
  do {
    const page: WorkloadPage = await api.listWorkloads({
      ...query,
      facets: cursor ? undefined : query.facets,
      limit: Math.min(LARGEST_PAGE, count - items.length),
      cursor,
    });
    items.push(...page.items);
    total = page.total;
    facets ??= page.facets;
    cursor = page.nextCursor;
  } while (cursor && items.length < count);
  return { items, total, nextCursor: cursor, facets };
}
