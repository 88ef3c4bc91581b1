import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ClusterHealth } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { stringifyWorkloadRef } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  Cluster,
  KubernetesClient,
  KubernetesObject,
} from '../../clusters/types';
import type { Changes } from '../facts/Changes';
import { ClusterFacts } from '../facts/ClusterFacts';
import type { FactResource } from '../facts/ClusterFacts';
import type { PrimaryFact } from '../facts/types';
import { controlPlanesOf } from '../rules/controlPlanes';
import { createMeshLookup } from '../rules/meshOf';
import { meshPartsOf } from '../rules/meshParts';
import { workloadDetail } from '../rules/workloadDetail';
import type { InventorySettings } from '../settings';
import type { ClusterBatch, ClusterWriter } from '../store/ClusterWriter';
import type { InventoriedCluster } from '../store/rows';
import type { OwnershipIndex } from '../types';
import { ControlPlaneEnquiries } from './ControlPlaneEnquiries';
import { HealthTracker } from './HealthTracker';
import { backoffDelay, Pause } from './Pause';
import { ProxyCensus } from './ProxyCensus';
import { ResourceReflector } from './ResourceReflector';
import { collectedResources } from './resources';
import type { CollectedResource } from './resources';
import type { CollectorTiming } from './timing';

/** What the istiods of these meshes on other clusters inject. */
type ReadPrimaries = (meshIds: string[]) => Promise<PrimaryFact[]>;

/**
 * Reads one cluster into the database: reflectors fill the facts, changes are
 * gathered for a moment, projected and written in one batch. Until every
 * resource was listed or refused nothing but the health is written, so that
 * a half-read cluster never replaces what was known before.
 */
export class ClusterCollector {
  readonly #cluster: Cluster;
  readonly #client: KubernetesClient;
  readonly #writer: ClusterWriter;
  readonly #primaryInjections: ReadPrimaries;
  readonly #ownership: OwnershipIndex;
  readonly #settings: InventorySettings;
  readonly #logger: LoggerService;
  readonly #timing: CollectorTiming;

  readonly #facts: ClusterFacts;
  readonly #health: HealthTracker;
  readonly #reflectors: ResourceReflector<KubernetesObject>[];
  readonly #probePause = new Pause();
  readonly #enquiryPause = new Pause();
  readonly #changed = new Pause();
  readonly #gathered = new Pause();
  readonly #census = new ProxyCensus();
  readonly #enquiries: ControlPlaneEnquiries;

  #dirty = true;
  /** Since when the state holds that was logged last. */
  #toldSince: string | undefined;
  #kubernetesVersion: string | undefined;
  #observedAt: string | undefined;
  #meshIds: string[] = [];

  static create(options: {
    cluster: Cluster & { client: KubernetesClient };
    writer: ClusterWriter;
    /** What an earlier process stored: it stays until the cluster was read again. */
    former?: InventoriedCluster;
    /** Asked for what other clusters inject here. */
    primaryInjections: ReadPrimaries;
    ownership: OwnershipIndex;
    settings: InventorySettings;
    logger: LoggerService;
    timing: CollectorTiming;
  }): ClusterCollector {
    return new ClusterCollector(options);
  }

  private constructor(options: Parameters<typeof ClusterCollector.create>[0]) {
    this.#cluster = options.cluster;
    this.#client = options.cluster.client;
    this.#writer = options.writer;
    this.#primaryInjections = options.primaryInjections;
    this.#ownership = options.ownership;
    this.#settings = options.settings;
    this.#logger = options.logger;
    this.#timing = options.timing;
    this.#kubernetesVersion = options.former?.view.kubernetesVersion;
    this.#observedAt = options.former?.view.observedAt;
    this.#meshIds = options.former?.meshIds ?? [];

    const resources = collectedResources(this.#settings.customWorkloads);
    this.#facts = new ClusterFacts({
      onChange: () => this.#markDirty(),
      customKinds: this.#settings.customWorkloads,
    });
    this.#enquiries = ControlPlaneEnquiries.create({
      client: this.#client,
      facts: this.#facts,
    });
    this.#health = new HealthTracker({
      cluster: this.#cluster.name,
      resources: [...resources.keys()],
      dispensable: [...resources]
        .filter(([, { dispensable }]) => dispensable)
        .map(([name]) => name),
      now: () => new Date(),
      onChange: health => this.#healthChanged(health),
    });
    this.#reflectors = [...resources].map(([name, resource]) =>
      this.#createReflector(name, resource),
    );
  }

  /** Runs until the signal is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const unsubscribe = this.#ownership.onChange(() =>
      this.#facts.markEverything(),
    );
    try {
      await Promise.all([
        this.#probeLoop(signal),
        this.#writeLoop(signal),
        this.#enquiryLoop(signal),
        ...this.#reflectors.map(reflector => reflector.run(signal)),
      ]);
    } finally {
      unsubscribe();
    }
  }

  /** Asks the cluster again now instead of at the end of a delay. */
  refresh(): void {
    this.#probePause.wake();
    this.#reflectors.forEach(reflector => reflector.wake());
  }

  #createReflector(
    name: FactResource,
    {
      labelSelector,
      optional,
      dispensable,
      streamed,
      decode,
      ...resource
    }: CollectedResource,
  ): ResourceReflector<KubernetesObject> {
    return new ResourceReflector({
      client: this.#client,
      resource,
      labelSelector,
      optional,
      streamed,
      decode,
      sink: this.#facts.sink(name),
      backoff: this.#timing.backoff,
      observer: {
        listed: () => {
          this.#readable(name);
          this.#health.listed(name);
          this.#markDirty();
          if (this.#health.settled) {
            // Somebody waits for the first answer; there is nothing more to gather.
            this.#gathered.wake();
          }
        },
        working: () => {
          this.#readable(name);
          this.#health.working(name);
        },
        failed: error =>
          this.#resourceFailed(name, error, { keep: !dispensable }),
      },
    });
  }

  #readable(name: FactResource): void {
    if (this.#facts.unreadable.delete(name)) {
      this.#facts.markEverything();
    }
  }

  #resourceFailed(
    name: FactResource,
    error: unknown,
    { keep }: { keep: boolean },
  ): void {
    const wasRead = this.#health.hasRead(name);
    const finding = this.#health.failed(name, error);
    // What was read before stays, with its age; what never was is unknown, and so is what ages nothing else.
    if (
      finding.state === 'forbidden' &&
      !(wasRead && keep) &&
      !this.#facts.unreadable.has(name)
    ) {
      this.#facts.unreadable.set(
        name,
        `${name} cannot be read: ${finding.reason}`,
      );
      this.#facts.markEverything();
    }
  }

  /** Tells whether the cluster answers at all, and which version it is. */
  async #probeLoop(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      try {
        const { gitVersion } = await this.#client.version({ signal });
        this.#kubernetesVersion = gitVersion.replace(/^v/, '');
        if (attempt > 0) {
          this.#reflectors.forEach(reflector => reflector.wake());
        }
        attempt = 0;
        this.#health.working('version');
        this.#markDirty();
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        attempt += 1;
        this.#health.failed('version', error);
      }
      await this.#probePause.wait(
        attempt === 0
          ? this.#timing.probeIntervalMs
          : Math.min(
              backoffDelay(this.#timing.backoff, attempt),
              this.#timing.probeIntervalMs,
            ),
        signal,
      );
    }
  }

  /** What no watched object tells is asked when a control plane changed, and from time to time. */
  async #enquiryLoop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#health.settled) {
        await this.#askPrimaries();
        await this.#enquiries.askOpen(signal);
      }
      await this.#enquiryPause.wait(this.#timing.probeIntervalMs, signal);
    }
  }

  /** A remote cluster gets what its primaries inject; they may be read by another replica. */
  async #askPrimaries(): Promise<void> {
    try {
      this.#facts.learnPrimaries(
        this.#facts.isServedFromElsewhere
          ? await this.#primaryInjections(this.#meshIds)
          : [],
      );
    } catch (error) {
      this.#logger.warn(
        `What other clusters inject into cluster '${
          this.#cluster.name
        }' could not be read; asking again`,
        error as Error,
      );
    }
  }

  /** Gathers changes for a moment after the first one, then writes them together. */
  async #writeLoop(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      if (!this.#dirty) {
        await this.#changed.wait(this.#timing.probeIntervalMs, signal);
      }
      if (!this.#dirty) {
        continue;
      }
      await this.#gathered.wait(this.#timing.gatherMs, signal);
      if (signal.aborted) {
        return;
      }
      this.#dirty = false;
      if (await this.#write()) {
        attempt = 0;
      } else {
        attempt += 1;
        this.#dirty = true;
        await this.#gathered.wait(
          backoffDelay(this.#timing.backoff, attempt),
          signal,
        );
      }
    }
  }

  async #write(): Promise<boolean> {
    const changes = this.#health.settled
      ? this.#facts.takeChanges()
      : undefined;
    try {
      await this.#writer.write(this.#batchOf(changes));
      if (changes?.controlPlanes) {
        this.#enquiryPause.wake();
      }
      return true;
    } catch (error) {
      if (changes) {
        this.#facts.restoreChanges(changes);
      }
      this.#logger.error(
        `What was read of cluster '${
          this.#cluster.name
        }' could not be stored; trying again`,
        error as Error,
      );
      return false;
    }
  }

  #batchOf(changes: Changes | undefined): ClusterBatch {
    if (changes && this.#health.current) {
      this.#observedAt = new Date().toISOString();
    }
    if (!changes) {
      return { cluster: this.#view() };
    }
    const meshes = createMeshLookup(
      this.#cluster.name,
      this.#facts,
      this.#settings,
    );
    this.#meshIds = meshes.all;
    const workloads = this.#workloadsOf(changes, meshes);
    this.#census.apply(workloads);
    return {
      cluster: this.#view(),
      controlPlanes: changes.controlPlanes
        ? controlPlanesOf(this.#cluster.name, this.#facts, meshes)
        : undefined,
      meshParts: changes.controlPlanes
        ? meshPartsOf(this.#cluster.name, this.#facts, meshes)
        : undefined,
      proxyVersions: this.#census.totals(),
      workloads,
    };
  }

  #workloadsOf(
    changes: Changes,
    meshes: ReturnType<typeof createMeshLookup>,
  ): NonNullable<ClusterBatch['workloads']> {
    const context = {
      cluster: this.#cluster.name,
      facts: this.#facts,
      meshes,
      ownership: this.#ownership,
    };
    if (changes.everything) {
      return {
        upserts: [...this.#facts.workloads()].flatMap(
          workload => workloadDetail(workload, context) ?? [],
        ),
        removals: 'allOthers',
      };
    }
    const upserts = [];
    const removals = [];
    for (const key of changes.workloads) {
      const workload = this.#facts.workload(key);
      const detail = workload && workloadDetail(workload, context);
      if (detail) {
        upserts.push(detail);
      } else {
        const [namespace, kind, name] = key.split('/');
        removals.push(
          stringifyWorkloadRef({
            cluster: this.#cluster.name,
            namespace,
            kind,
            name,
          }),
        );
      }
    }
    return { upserts, removals };
  }

  #view(): InventoriedCluster {
    const { name, title, mode } = this.#cluster;
    return {
      view: {
        name,
        title,
        mode,
        kubernetesVersion: this.#kubernetesVersion,
        health: this.#health.health,
        observedAt: this.#observedAt,
      },
      meshIds: this.#meshIds,
    };
  }

  /** Told once per state: while a cluster fails, its resources go on finding reasons. */
  #healthChanged({ state, reason, since }: ClusterHealth): void {
    const isNews = since !== this.#toldSince;
    this.#toldSince = since;
    if (isNews && state === 'healthy') {
      this.#logger.info(
        `Cluster '${this.#cluster.name}' is being followed${
          reason ? `, but for this: ${reason}` : ''
        }`,
      );
    } else if (isNews && state !== 'connecting') {
      this.#logger.warn(
        `Cluster '${this.#cluster.name}' is ${state}: ${reason}`,
      );
    }
    this.#markDirty();
  }

  #markDirty(): void {
    if (!this.#dirty) {
      this.#dirty = true;
      this.#changed.wake();
    }
  }
}
