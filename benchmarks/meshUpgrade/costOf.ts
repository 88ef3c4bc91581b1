/** What a run asked of one API server while it was under way. */
export interface Cost {
  writes: number;
  /** Writes that change nothing, such as the pod that shows what is injected. */
  dryRuns: number;
  watches: number;
  /** The most watches on one kind of object. */
  watchesPerKind: number;
  /** Gets and lists. */
  reads: number;
  /** Different things that were read. */
  selections: number;
}

const GROUP_VERSION = /^\/clusters\/[^/]+\/(api\/[^/]+|apis\/[^/]+\/[^/]+)\//;

/** @param requests - e.g. `GET /clusters/edge/api/v1/pods?watch=1` */
export function costOf(requests: string[]): Cost {
  const parsed = requests.map(request => {
    const [method, address] = request.split(' ');
    const url = new URL(address, 'http://any');
    return {
      method,
      path: url.pathname,
      query: url.searchParams,
      kind: kindOf(url.pathname),
    };
  });
  const watches = parsed.filter(({ query }) => query.has('watch'));
  const reads = parsed.filter(
    ({ method, query }) => method === 'GET' && !query.has('watch'),
  );
  const writes = parsed.filter(({ method }) => method !== 'GET');
  const perKind = new Map<string, number>();
  watches.forEach(({ kind }) =>
    perKind.set(kind, (perKind.get(kind) ?? 0) + 1),
  );
  return {
    writes: writes.length,
    dryRuns: writes.filter(({ query }) => query.has('dryRun')).length,
    watches: watches.length,
    watchesPerKind: Math.max(0, ...perKind.values()),
    reads: reads.length,
    selections: new Set(
      reads.map(
        ({ path, query }) => `${path} ${query.get('labelSelector') ?? ''}`,
      ),
    ).size,
  };
}

/** e.g. `apis/apps/v1 deployments`, in whatever namespace. */
function kindOf(path: string): string {
  const [, groupVersion = ''] = GROUP_VERSION.exec(path) ?? [];
  const rest = path.replace(GROUP_VERSION, '').split('/');
  const [resource] = rest[0] === 'namespaces' && rest[2] ? rest.slice(2) : rest;
  return `${groupVersion} ${resource}`;
}
