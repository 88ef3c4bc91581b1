import { InputError } from '@backstage/errors';

/** An image repository as people write it, e.g. `docker.io/istio/pilot`, and where it is served. */
export interface ImageRepository {
  /** As it was written. */
  source: string;
  /** The host people know it by, with its port: what credentials are given for. */
  registry: string;
  /** The host that answers the registry API. */
  apiHost: string;
  /** e.g. `istio/pilot` */
  name: string;
}

const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_ALIASES = new Set([
  DOCKER_HUB,
  'index.docker.io',
  'registry-1.docker.io',
]);
const HOST = /^(?:[0-9A-Za-z.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;
const PART = '[a-z0-9]+(?:(?:[.]|_{1,2}|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${PART}(?:/${PART})*$`);

/**
 * Reads a repository the way container tools do: without a host it is Docker
 * Hub's, whose API has another name than the images.
 *
 * @throws InputError when it cannot be a repository.
 */
export function parseImageRepository(source: string): ImageRepository {
  const slash = source.indexOf('/');
  const first = source.slice(0, Math.max(slash, 0));
  // A first part without dot or port is a folder: `istio/pilot`.
  const hasHost = /[.:]/.test(first) || first === 'localhost';
  const registry = hasHost ? normalHost(first) : DOCKER_HUB;
  const path = hasHost ? source.slice(slash + 1) : source;
  if (!HOST.test(registry) || !PATH.test(path)) {
    throw new InputError(
      `'${source}' is not an image repository such as registry.example.com/istio/pilot`,
    );
  }
  if (registry !== DOCKER_HUB) {
    return { source, registry, apiHost: registry, name: path };
  }
  return {
    source,
    registry,
    apiHost: 'registry-1.docker.io',
    name: path.includes('/') ? path : `library/${path}`,
  };
}

/**
 * The one form of a repository or of the part before it, a host alone too:
 * `index.docker.io/istio` is `docker.io/istio`.
 *
 * @throws InputError when it can be neither.
 */
export function normalPrefix(source: string): string {
  const [first, ...rest] = source.split('/');
  const hasHost = /[.:]/.test(first) || first === 'localhost';
  const registry = hasHost ? normalHost(first) : DOCKER_HUB;
  const path = (hasHost ? rest : [first, ...rest]).join('/');
  if (!HOST.test(registry) || (path !== '' && !PATH.test(path))) {
    throw new InputError(
      `'${source}' is not an image repository or a part of one such as registry.example.com/istio`,
    );
  }
  return path === '' ? registry : `${registry}/${path}`;
}

/** The one name a registry host is compared by. */
export function normalHost(host: string): string {
  const lower = host.toLowerCase();
  return DOCKER_HUB_ALIASES.has(lower) ? DOCKER_HUB : lower;
}
