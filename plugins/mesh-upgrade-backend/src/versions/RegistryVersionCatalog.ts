import { toError } from '@backstage/errors';
import type { VersionSourceView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import pLimit from 'p-limit';
import type { KnownTags, VersionCatalog } from './types';

/** Lists the tags of one image repository. */
export interface TagReader {
  tags(
    repository: string,
    options?: { signal?: AbortSignal },
  ): Promise<string[]>;
}

interface Source {
  /** Of the last good answer. */
  tags: string[];
  seenAt?: Date;
  /** Of the last try; undefined when it went well. */
  error?: string;
  /** The question under way, shared by everybody who asks meanwhile. */
  asking?: Promise<void>;
}

const PARALLEL_SOURCES = 4;

/**
 * Keeps what image registries last answered, in memory: a registry that does
 * not answer any more is told with the age of what it said before.
 */
export class RegistryVersionCatalog implements VersionCatalog {
  readonly #reader: TagReader;
  readonly #repositories: string[] | undefined;
  readonly #sources = new Map<string, Source>();

  static create(options: {
    reader: TagReader;
    /** Asked for every mesh; default: `<hub>/pilot` of each of its control planes. */
    repositories?: string[];
  }): RegistryVersionCatalog {
    return new RegistryVersionCatalog(options.reader, options.repositories);
  }

  private constructor(reader: TagReader, repositories: string[] | undefined) {
    this.#reader = reader;
    this.#repositories = repositories;
  }

  async tagsFor(mesh: { id: string; hubs: string[] }): Promise<KnownTags> {
    const names = this.#repositories ?? mesh.hubs.map(hub => `${hub}/pilot`);
    const views: VersionSourceView[] = [];
    const tags = new Set<string>();
    await Promise.all([...new Set(names)].map(name => this.#firstAnswer(name)));
    for (const name of new Set(names)) {
      const source = this.#source(name);
      source.tags.forEach(tag => tags.add(tag));
      views.push({
        source: name,
        seenAt: source.seenAt?.toISOString(),
        error: source.error,
      });
    }
    return { tags: [...tags], sources: views };
  }

  async refresh(options: { signal?: AbortSignal }): Promise<void> {
    const names = new Set([
      ...(this.#repositories ?? []),
      ...this.#sources.keys(),
    ]);
    const limit = pLimit(PARALLEL_SOURCES);
    await Promise.all(
      [...names].map(name => limit(() => this.#ask(name, options.signal))),
    );
  }

  async #firstAnswer(name: string): Promise<void> {
    const { seenAt, error } = this.#source(name);
    if (seenAt === undefined && error === undefined) {
      await this.#ask(name);
    }
  }

  /** Never rejects: what went wrong is part of what is known. */
  async #ask(name: string, signal?: AbortSignal): Promise<void> {
    const source = this.#source(name);
    source.asking ??= this.#read(name, source, signal).finally(() => {
      source.asking = undefined;
    });
    await source.asking;
  }

  async #read(
    name: string,
    source: Source,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    try {
      source.tags = await this.#reader.tags(name, { signal });
      source.seenAt = new Date();
      source.error = undefined;
    } catch (error) {
      // A cancelled question says nothing about the registry.
      if (!signal?.aborted) {
        source.error = toError(error).message;
      }
    }
  }

  #source(name: string): Source {
    const known = this.#sources.get(name);
    if (known) {
      return known;
    }
    const source: Source = { tags: [] };
    this.#sources.set(name, source);
    return source;
  }
}
