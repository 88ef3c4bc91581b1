import { isDeepStrictEqual } from 'node:util';
import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
  WORKLOADS_ANNOTATION,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { OwnershipIndex } from '../../inventory/types';
import { Pause } from '../../inventory/collect/Pause';
import { compileSelector } from './selectors';
import type { OwnableWorkload, OwnershipSelector } from './selectors';

const KINDS = ['Component', 'Resource', 'API'];

/** The annotations that name workloads; the others only narrow them down. */
const NAMING_ANNOTATIONS = [
  WORKLOADS_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
];

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
];

const REFRESH_INTERVAL_MS = 15_000;
const STARTING_INTERVAL_MS = 1_000;
const STARTING_READS = 60;

/**
 * Tells which catalog entities own a workload, from their annotations. Reads
 * the catalog as this plugin itself: the index is the same for every user.
 */
export class CatalogOwnershipIndex implements OwnershipIndex {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #logger: LoggerService;
  readonly #intervalMs: number;
  readonly #listeners = new Set<() => void>();
  readonly #stopping = new AbortController();
  readonly #pause = new Pause();

  #entities: Entity[] = [];
  /** Most selectors ask for one id: found without trying them all. */
  #byKubernetesId = new Map<string, OwnershipSelector[]>();
  #others: OwnershipSelector[] = [];
  #failing = false;
  #running: Promise<void> | undefined;

  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
    logger: LoggerService;
    /** Default: 15 seconds. */
    intervalMs?: number;
  }): CatalogOwnershipIndex {
    return new CatalogOwnershipIndex(options);
  }

  private constructor(
    options: Parameters<typeof CatalogOwnershipIndex.create>[0],
  ) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#logger = options.logger;
    this.#intervalMs = options.intervalMs ?? REFRESH_INTERVAL_MS;
  }

  /** Starts following the catalog; returns at once. */
  start(): void {
    this.#running ??= this.#run(this.#stopping.signal);
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  ownersOf(workload: OwnableWorkload): string[] {
    const id = workload.labels[KUBERNETES_ID_ANNOTATION];
    const candidates = [
      ...(id === undefined ? [] : this.#byKubernetesId.get(id) ?? []),
      ...this.#others,
    ];
    return candidates
      .filter(selector => selector.matches(workload))
      .map(({ entityRef }) => entityRef)
      .sort();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the catalog once; when that fails the last answer stays. */
  async refresh(): Promise<void> {
    try {
      const entities = await this.#readEntities();
      this.#failing = false;
      if (!isDeepStrictEqual(entities, this.#entities)) {
        this.#entities = entities;
        this.#compile();
        this.#listeners.forEach(listener => listener());
      }
    } catch (error) {
      if (!this.#failing) {
        this.#logger.warn(
          'The catalog cannot be read; workloads keep the owners they had',
          error as Error,
        );
      }
      this.#failing = true;
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let reads = 1; !signal.aborted; reads++) {
      await this.refresh();
      // A catalog that starts together with this plugin fills within seconds.
      const starting = this.#entities.length === 0 && reads <= STARTING_READS;
      await this.#pause.wait(
        starting
          ? Math.min(STARTING_INTERVAL_MS, this.#intervalMs)
          : this.#intervalMs,
        signal,
      );
    }
  }

  async #readEntities(): Promise<Entity[]> {
    const entities: Entity[] = [];
    const pages = this.#catalog.streamEntities(
      {
        filter: NAMING_ANNOTATIONS.map(annotation => ({
          kind: KINDS,
          [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
        })),
        fields: FIELDS,
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    for await (const page of pages) {
      entities.push(...page);
    }
    return entities;
  }

  #compile(): void {
    const selectors = this.#entities.flatMap(
      entity => compileSelector(entity) ?? [],
    );
    this.#others = selectors.filter(
      ({ kubernetesId }) => kubernetesId === undefined,
    );
    this.#byKubernetesId = new Map();
    for (const selector of selectors) {
      const { kubernetesId } = selector;
      if (kubernetesId !== undefined) {
        this.#byKubernetesId.set(kubernetesId, [
          ...(this.#byKubernetesId.get(kubernetesId) ?? []),
          selector,
        ]);
      }
    }
  }
}
