import {
  normalHost,
  parseImageRepository,
  type ImageRepository,
} from './ImageRepository';
import { RegistryError } from './RegistryError';
import { RegistrySession } from './RegistrySession';
import { nextPage, readTagPage } from './tagPages';
import type { VersionsConfig } from './readVersionsConfig';

/** Bounds of one listing; a registry that passes one is reported, not followed. */
export interface RegistryLimits {
  /** Milliseconds that one answer may take. */
  requestTimeoutMs: number;
  /** Milliseconds that a whole listing may take. */
  listingTimeoutMs: number;
  pages: number;
  /** Bytes of one answer. */
  bodyBytes: number;
}

const DEFAULT_LIMITS: RegistryLimits = {
  requestTimeoutMs: 10_000,
  listingTimeoutMs: 60_000,
  pages: 200,
  bodyBytes: 8 * 1024 * 1024,
};

/** What registries give at most by default. */
const PAGE_SIZE = 1000;

/** Lists the tags of image repositories by the OCI distribution API. */
export class OciRegistryClient {
  readonly #config: Pick<VersionsConfig, 'insecureRegistries' | 'credentials'>;
  readonly #limits: RegistryLimits;

  static create(options: {
    config: Pick<VersionsConfig, 'insecureRegistries' | 'credentials'>;
    limits?: Partial<RegistryLimits>;
  }): OciRegistryClient {
    return new OciRegistryClient(options.config, {
      ...DEFAULT_LIMITS,
      ...options.limits,
    });
  }

  private constructor(
    config: Pick<VersionsConfig, 'insecureRegistries' | 'credentials'>,
    limits: RegistryLimits,
  ) {
    this.#config = config;
    this.#limits = limits;
  }

  /**
   * Every tag of a repository such as `docker.io/istio/pilot`, in the
   * registry's order, which is not the order of versions.
   *
   * @throws InputError for a name that is no repository.
   * @throws RegistryError with the registry's own words.
   */
  async tags(
    source: string,
    options: { signal?: AbortSignal } = {},
  ): Promise<string[]> {
    const repository = parseImageRepository(source);
    const session = this.#session(repository, options.signal);
    const first = new URL(
      `/v2/${repository.name}/tags/list?n=${PAGE_SIZE}`,
      session.origin,
    );
    const tags = new Set<string>();
    const visited = new Set<string>();
    let followsLinks = false;

    for (let url: URL | undefined = first; url; ) {
      if (visited.has(url.href)) {
        throw failure(
          source,
          `its pages go round in a circle at ${url.search}`,
        );
      }
      if (visited.size >= this.#limits.pages) {
        throw failure(source, `more than ${this.#limits.pages} pages of tags`);
      }
      visited.add(url.href);

      const { response, body } = await session.get(url, 'list tags');
      const page = readTagPage(body);
      if (!page) {
        throw failure(
          source,
          `the answer is no list of tags but ${
            response.headers.get('content-type') ?? 'of no type'
          }`,
          response.status,
        );
      }
      const before = tags.size;
      page.forEach(tag => tags.add(tag));

      const link = nextPage(response.headers.get('link'), url);
      followsLinks ||= link !== undefined;
      // Not every registry names the next page. Asking after the last tag is
      // harmless; one that ignores the question tells nothing new.
      const mayHaveMore = !followsLinks && tags.size > before;
      url = link ?? (mayHaveMore ? pageAfter(first, page) : undefined);
    }
    return [...tags];
  }

  #session(
    repository: ImageRepository,
    signal: AbortSignal | undefined,
  ): RegistrySession {
    const { registry } = repository;
    const total = AbortSignal.timeout(this.#limits.listingTimeoutMs);
    return new RegistrySession({
      repository,
      plainHttp: this.#config.insecureRegistries.some(
        host => normalHost(host) === registry,
      ),
      credentials: this.#config.credentials.find(
        entry => normalHost(entry.registry) === registry,
      ),
      requestTimeoutMs: this.#limits.requestTimeoutMs,
      bodyBytes: this.#limits.bodyBytes,
      signal: signal ? AbortSignal.any([signal, total]) : total,
    });
  }
}

function pageAfter(first: URL, page: string[]): URL {
  const url = new URL(first);
  url.searchParams.set('last', page[page.length - 1]);
  return url;
}

function failure(source: string, words: string, status?: number) {
  return new RegistryError({
    repository: source,
    action: 'list tags',
    words,
    status,
  });
}
