import { toError } from '@backstage/errors';
import {
  normalHost,
  parseImageRepository,
  type ImageRepository,
} from './ImageRepository';
import { readImage, type RegistryImage } from './readImage';
import { RegistryError } from './RegistryError';
import { RegistrySession } from './RegistrySession';
import { nextPage, readTagPage } from './tagPages';
import { openTransport, type RegistryTransport } from './transport';
import type { VersionsConfig } from '../readVersionsConfig';

/** What the client needs of the configuration. */
export type RegistryAccess = Pick<
  VersionsConfig,
  'insecureRegistries' | 'credentials'
> &
  Partial<Pick<VersionsConfig, 'certificateAuthorities'>>;

/** Bounds of one question; a registry that passes one is reported, not followed. */
export interface RegistryLimits {
  /** Milliseconds that one answer may take. */
  requestTimeoutMs: number;
  /** Milliseconds that a whole question may take, all its requests together. */
  totalTimeoutMs: number;
  pages: number;
  /** Bytes of one answer. */
  bodyBytes: number;
  /** Milliseconds that a registry may ask to wait before the question fails. */
  patienceMs: number;
}

const DEFAULT_LIMITS: RegistryLimits = {
  requestTimeoutMs: 10_000,
  totalTimeoutMs: 60_000,
  pages: 200,
  bodyBytes: 8 * 1024 * 1024,
  patienceMs: 5_000,
};

/** What registries give at most by default. */
const PAGE_SIZE = 1000;

/** Asks image repositories by the OCI distribution API: their tags, and what an image is. */
export class OciRegistryClient {
  readonly #access: RegistryAccess;
  readonly #limits: RegistryLimits;

  static create(options: {
    config: RegistryAccess;
    limits?: Partial<RegistryLimits>;
  }): OciRegistryClient {
    return new OciRegistryClient(options.config, {
      ...DEFAULT_LIMITS,
      ...options.limits,
    });
  }

  private constructor(access: RegistryAccess, limits: RegistryLimits) {
    this.#access = access;
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
    return this.#within(source, options.signal, session =>
      this.#listTags(source, session),
    );
  }

  /**
   * What a registry holds under `tag` of a repository; undefined when nothing.
   *
   * @throws InputError for a name that is no repository.
   * @throws RegistryError when the registry does not say.
   */
  async image(
    source: string,
    tag: string,
    options: { labels?: boolean; signal?: AbortSignal } = {},
  ): Promise<RegistryImage | undefined> {
    return this.#within(source, options.signal, session =>
      readImage(session, { tag, labels: options.labels ?? false }),
    );
  }

  async #listTags(source: string, session: RegistrySession): Promise<string[]> {
    const { name } = session.repository;
    const first = new URL(
      `/v2/${name}/tags/list?n=${PAGE_SIZE}`,
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

  async #within<T>(
    source: string,
    signal: AbortSignal | undefined,
    ask: (session: RegistrySession) => Promise<T>,
  ): Promise<T> {
    const repository = parseImageRepository(source);
    const transport = await this.#connect(repository);
    try {
      return await ask(this.#session(repository, transport, signal));
    } finally {
      await transport.close();
    }
  }

  async #connect(repository: ImageRepository): Promise<RegistryTransport> {
    const authority = this.#access.certificateAuthorities?.find(
      entry => normalHost(entry.registry) === repository.registry,
    );
    try {
      return await openTransport(authority);
    } catch (error) {
      throw new RegistryError({
        repository: repository.source,
        action: 'read its certificate authority',
        words: toError(error).message,
      });
    }
  }

  #session(
    repository: ImageRepository,
    transport: RegistryTransport,
    signal: AbortSignal | undefined,
  ): RegistrySession {
    const { registry } = repository;
    const total = AbortSignal.timeout(this.#limits.totalTimeoutMs);
    return new RegistrySession({
      repository,
      transport,
      plainHttp: this.#access.insecureRegistries.some(
        host => normalHost(host) === registry,
      ),
      credentials: this.#access.credentials.find(
        entry => normalHost(entry.registry) === registry,
      ),
      requestTimeoutMs: this.#limits.requestTimeoutMs,
      bodyBytes: this.#limits.bodyBytes,
      patienceMs: this.#limits.patienceMs,
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
