import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type {
  Cluster,
  ClusterRegistry,
  KubernetesClient,
} from '../clusters/types';
import { ClusterCollector } from './collect/ClusterCollector';
import { DEFAULT_TIMING } from './collect/timing';
import type { CollectorTiming } from './collect/timing';
import type { InventorySettings } from './settings';
import { ClusterWriter } from './store/ClusterWriter';
import { DatabaseInventory } from './store/DatabaseInventory';
import { prepareStore } from './prepareStore';
import type { Inventory, OwnershipIndex } from './types';

/** The inventory and the collectors that keep it true. */
export interface RunningInventory {
  inventory: Inventory;
  /** Starts reading the clusters; returns at once. */
  start(): void;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
  /** Asks a cluster again now instead of at the end of a delay; false for one that is not read. */
  refreshCluster(name: string): boolean;
}

/** Joins clusters, database and ownership; the database has been migrated before. */
export function createInventory(options: {
  clusters: ClusterRegistry;
  database: Knex;
  logger: LoggerService;
  ownership: OwnershipIndex;
  settings: InventorySettings;
  timing?: CollectorTiming;
}): RunningInventory {
  const {
    clusters,
    database,
    logger,
    ownership,
    settings,
    timing = DEFAULT_TIMING,
  } = options;
  const stopping = new AbortController();
  const collectors = new Map<string, ClusterCollector>();
  let running: Promise<void> | undefined;

  const run = async (signal: AbortSignal) => {
    const former = await prepareStore({
      clusters,
      database,
      logger,
      timing,
      signal,
    });
    if (!former || signal.aborted) {
      return;
    }
    for (const cluster of clusters.list().filter(isReachable)) {
      collectors.set(
        cluster.name,
        ClusterCollector.create({
          cluster,
          writer: ClusterWriter.create({ database, cluster: cluster.name }),
          former: former.get(cluster.name),
          ownership,
          settings,
          logger: logger.child({ cluster: cluster.name }),
          timing,
        }),
      );
    }
    await Promise.all(
      [...collectors.values()].map(collector => collector.run(signal)),
    );
  };

  return {
    inventory: DatabaseInventory.create({ database, settings }),
    start() {
      running ??= run(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
    },
    refreshCluster(name) {
      const collector = collectors.get(name);
      collector?.refresh();
      return collector !== undefined;
    },
  };
}

function isReachable(
  cluster: Cluster,
): cluster is Cluster & { client: KubernetesClient } {
  return cluster.client !== undefined;
}
