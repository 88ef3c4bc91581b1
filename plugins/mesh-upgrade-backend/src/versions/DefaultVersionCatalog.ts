import type {
  OperatorVersions,
  SupportMatrix,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import pLimit from 'p-limit';
import { imagesOf, type ImageReader } from './images/imagesOf';
import { describeSource } from './sources/describeSource';
import { joinTags } from './sources/joinTags';
import { operatorSourceName } from './sources/operatorSource';
import { SourceEnquiries } from './sources/SourceEnquiries';
import {
  operatedClusters,
  sourcesOf,
  type SourceOptions,
} from './sources/sourcesOf';
import type { SourceRecord, SourceStore, VersionSource } from './sources/types';
import type {
  ImageAnswer,
  ImageQuestion,
  KnownTags,
  VersionCatalog,
  VersionedMesh,
} from './types';

interface CatalogOptions extends SourceOptions {
  reader: SourceOptions['reader'] & ImageReader;
  store: SourceStore;
  matrix: SupportMatrix;
  /** Every mesh there is: their sources are asked again in the background. */
  meshes: () => Promise<VersionedMesh[]>;
  minAgeMs?: number;
  onChange?: () => void;
  /** Told of failures that nobody waits for. */
  onError?: (error: unknown) => void;
}

const PARALLEL_SOURCES = 4;
/** A list of meshes asks for each of them; what is kept is read once for all. */
const RECORDS_LIFE_MS = 1_000;
/** What no mesh has asked for that long is forgotten. */
const FORGET_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Joins what the sources of a mesh told. Every answer is kept: a source that
 * is silent is told with the age of what it said before.
 */
export class DefaultVersionCatalog implements VersionCatalog {
  readonly matrix: SupportMatrix;
  readonly #options: CatalogOptions;
  readonly #enquiries: SourceEnquiries;
  readonly #startedAt = new Date();
  /** Every registry and operator that was named since the start. */
  readonly #sources = new Map<string, VersionSource>();
  #records?: { readAt: number; value: Promise<Map<string, SourceRecord>> };

  static create(options: CatalogOptions): DefaultVersionCatalog {
    return new DefaultVersionCatalog(options);
  }

  private constructor(options: CatalogOptions) {
    this.matrix = options.matrix;
    this.#options = options;
    this.#enquiries = SourceEnquiries.create({
      store: options.store,
      minAgeMs: options.minAgeMs ?? 0,
      onChange: () => {
        this.#records = undefined;
        options.onChange?.();
      },
    });
  }

  async tagsFor(mesh: VersionedMesh): Promise<KnownTags> {
    const sources = this.#sourcesOf(mesh);
    const records = await this.#readRecords();
    const unasked = sources.filter(source => isUnasked(source, records));
    if (unasked.length === 0) {
      return this.#join(mesh, sources, records);
    }
    await this.#ask(unasked);
    return this.#join(mesh, sources, await this.#readRecords());
  }

  async knownTags(mesh: VersionedMesh): Promise<KnownTags> {
    const sources = this.#sourcesOf(mesh);
    const records = await this.#readRecords();
    const unasked = sources.filter(source => isUnasked(source, records));
    if (unasked.length > 0) {
      this.#ask(unasked).catch(error => this.#options.onError?.(error));
    }
    return this.#join(mesh, sources, records);
  }

  async refresh({ signal }: { signal?: AbortSignal }): Promise<void> {
    for (const mesh of await this.#options.meshes()) {
      this.#sourcesOf(mesh);
    }
    const records = await this.#readRecords();
    const due = [...this.#sources.values()].filter(({ name }) =>
      this.#enquiries.isDue(records.get(name)),
    );
    await this.#ask(due, signal);
    await this.#options.store.forgetBefore(
      new Date(Date.now() - FORGET_AFTER_MS),
    );
  }

  async images(
    mesh: VersionedMesh,
    version: string,
    question: ImageQuestion,
  ): Promise<ImageAnswer[]> {
    return imagesOf(mesh, version, {
      ...question,
      reader: this.#options.reader,
      mirrors: this.#options.config.mirrors,
    });
  }

  async #ask(sources: VersionSource[], signal?: AbortSignal): Promise<void> {
    const limit = pLimit(PARALLEL_SOURCES);
    try {
      await Promise.all(
        sources.map(source => limit(() => this.#enquiries.ask(source, signal))),
      );
    } finally {
      this.#records = undefined;
    }
  }

  #sourcesOf(mesh: VersionedMesh): VersionSource[] {
    const sources = sourcesOf(mesh, this.#options);
    for (const source of sources) {
      if (source.kind !== 'static') {
        this.#sources.set(source.name, source);
      }
    }
    return sources;
  }

  #readRecords(): Promise<Map<string, SourceRecord>> {
    const now = Date.now();
    if (!this.#records || now - this.#records.readAt >= RECORDS_LIFE_MS) {
      const value = this.#options.store.records();
      // A failed read is told to those who wait for it and not kept.
      value.catch(() => {
        this.#records = undefined;
      });
      this.#records = { readAt: now, value };
    }
    return this.#records.value;
  }

  async #join(
    mesh: VersionedMesh,
    sources: VersionSource[],
    records: Map<string, SourceRecord>,
  ): Promise<KnownTags> {
    const told = await Promise.all(
      sources.map(async source => ({
        source,
        record:
          source.kind === 'static'
            ? await this.#staticRecord(source)
            : records.get(source.name),
      })),
    );
    return joinTags({
      holdings: told.map(({ source, record }) => ({
        name: source.name,
        tags: record?.answer?.tags ?? [],
      })),
      sources: told.map(({ source, record }) => describeSource(source, record)),
      operators: operatorsOf(mesh, records),
    });
  }

  async #staticRecord(source: VersionSource): Promise<SourceRecord> {
    return {
      name: source.name,
      answer: await source.read({}),
      seenAt: this.#startedAt,
      askedAt: this.#startedAt,
    };
  }
}

function isUnasked(
  source: VersionSource,
  records: Map<string, SourceRecord>,
): boolean {
  return source.kind !== 'static' && !records.has(source.name);
}

/** Only operators that told: a silent one must not hide what the registries hold. */
function operatorsOf(
  mesh: VersionedMesh,
  records: Map<string, SourceRecord>,
): OperatorVersions[] | undefined {
  const operators = operatedClusters(mesh).flatMap(cluster => {
    const answer = records.get(operatorSourceName(cluster))?.answer;
    return answer
      ? [{ cluster, installs: answer.tags, retired: answer.retired ?? [] }]
      : [];
  });
  return operators.length > 0 ? operators : undefined;
}
