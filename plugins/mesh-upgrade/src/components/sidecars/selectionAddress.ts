/** Longer queries are refused by some servers and proxies on reload. */
const LONGEST_QUERY = 4_000;
const STORAGE_PREFIX = 'mesh-upgrade.selection.';

/**
 * The query that carries a selection of workload ids to the wizard. A long
 * selection is kept in the browser session and the query only names it.
 */
export function selectionToQuery(workloads: string[]): string {
  const query = new URLSearchParams(
    workloads.map(workload => ['workload', workload]),
  ).toString();
  if (query.length <= LONGEST_QUERY) {
    return query;
  }
  const name = Date.now().toString(36);
  sessionStorage.setItem(STORAGE_PREFIX + name, JSON.stringify(workloads));
  return new URLSearchParams({ selection: name }).toString();
}

/** The workload ids an address carries; none when the session that held them is over. */
export function selectionFromQuery(params: URLSearchParams): string[] {
  const name = params.get('selection');
  if (!name) {
    return [...new Set(params.getAll('workload'))];
  }
  const stored = sessionStorage.getItem(STORAGE_PREFIX + name);
  return stored ? JSON.parse(stored) : [];
}
