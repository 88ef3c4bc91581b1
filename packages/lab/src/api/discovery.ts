import type { Cluster } from '../cluster/Cluster';
import {
  apiVersionOf,
  CUSTOM_RESOURCE_DEFINITIONS,
  qualifiedName,
  RESOURCES,
  type Resource,
} from '../kubernetes/resources';

const VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

const SUBRESOURCES: Record<
  string,
  { kind?: string; group?: string; version?: string; verbs: string[] }
> = {
  status: { verbs: ['get', 'patch', 'update'] },
  scale: {
    kind: 'Scale',
    group: 'autoscaling',
    version: 'v1',
    verbs: ['get', 'patch', 'update'],
  },
  eviction: {
    kind: 'Eviction',
    group: 'policy',
    version: 'v1',
    verbs: ['create'],
  },
  ephemeralcontainers: { verbs: ['get', 'patch', 'update'] },
  log: { verbs: ['get'] },
  proxy: { verbs: ['create', 'get'] },
};

const ACCESS_REVIEW_GROUP = 'authorization.k8s.io';

/** The discovery document at a path; `undefined` when there is none. */
export function discover(cluster: Cluster, path: string): object | undefined {
  switch (path) {
    case '/version':
      return versionInfo(cluster.kubernetesVersion);
    case '/api':
      return { kind: 'APIVersions', versions: ['v1'] };
    case '/apis':
      return {
        kind: 'APIGroupList',
        apiVersion: 'v1',
        groups: groups(cluster),
      };
    case '/api/v1':
      return resourceList(cluster, 'v1');
    default:
      return path.startsWith('/apis/')
        ? groupDocument(cluster, path)
        : undefined;
  }
}

function groupDocument(cluster: Cluster, path: string): object | undefined {
  const [group, version, ...rest] = path.slice('/apis/'.length).split('/');
  const known = groups(cluster).find(({ name }) => name === group);
  const isDocument =
    rest.length === 0 &&
    (!version || known?.versions.some(each => each.version === version));
  if (!known || !isDocument) {
    return undefined;
  }
  return version
    ? resourceList(cluster, `${group}/${version}`)
    : { kind: 'APIGroup', apiVersion: 'v1', ...known };
}

/** Custom kinds are served where their definition is installed, all others everywhere. */
export function isServed(cluster: Cluster, resource: Resource): boolean {
  return (
    !resource.custom ||
    cluster.store.get(
      CUSTOM_RESOURCE_DEFINITIONS,
      undefined,
      qualifiedName(resource),
    ) !== undefined
  );
}

function versionInfo(version: string) {
  const [major, minor] = version.split('.');
  return {
    major,
    minor,
    gitVersion: `v${version}`,
    gitCommit: '0'.repeat(40),
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.25.0',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

function groups(cluster: Cluster) {
  const versions = new Map<string, Set<string>>([
    [ACCESS_REVIEW_GROUP, new Set(['v1'])],
  ]);
  for (const resource of RESOURCES) {
    const { group, version } = resource;
    if (group && isServed(cluster, resource)) {
      versions.set(group, (versions.get(group) ?? new Set()).add(version));
    }
  }
  return [...versions].map(([name, known]) => {
    // Kubernetes prefers the most stable version; by their names the shortest is.
    const served = [...known]
      .sort((a, b) => a.length - b.length)
      .map(version => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions: served, preferredVersion: served[0] };
  });
}

function resourceList(cluster: Cluster, groupVersion: string) {
  const resources = RESOURCES.filter(
    resource =>
      apiVersionOf(resource) === groupVersion && isServed(cluster, resource),
  ).flatMap(({ plural, kind, namespaced, shortNames, subresources }) => [
    {
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      verbs: VERBS,
      ...(shortNames.length && { shortNames }),
    },
    ...subresources.map(name => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      kind,
      ...SUBRESOURCES[name],
    })),
  ]);
  const reviews = {
    name: 'selfsubjectaccessreviews',
    singularName: 'selfsubjectaccessreview',
    namespaced: false,
    kind: 'SelfSubjectAccessReview',
    verbs: ['create'],
  };
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: groupVersion.startsWith(ACCESS_REVIEW_GROUP)
      ? [reviews]
      : resources,
  };
}
