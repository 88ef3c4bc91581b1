import type { LoggerService } from '@backstage/backend-plugin-api';
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type {
  Cluster,
  ClusterRegistry,
  KubernetesClient,
} from '../clusters/types';
import { ClusterCollector } from './collect/ClusterCollector';
import { DEFAULT_TIMING } from './collect/timing';
import type { CollectorTiming } from './collect/timing';
import { ClusterLease } from './lease/ClusterLease';
import { DEFAULT_LEASE_TIMING, holdLease } from './lease/holdLease';
import type { LeaseTiming } from './lease/holdLease';
import type { InventorySettings } from './settings';
import { ClusterWriter } from './store/ClusterWriter';
import type { StoredChange } from './store/ClusterWriter';
import { DatabaseInventory } from './store/DatabaseInventory';
import { formerCluster } from './store/formerCluster';
import { primaryInjections } from './store/primaryInjections';
import { createWriteTurns } from './store/writeTurns';
import { prepareStore } from './prepareStore';
import type { Inventory, OwnershipIndex } from './types';

/** The inventory and the collectors that keep it true. */
export interface RunningInventory {
  inventory: Inventory;
  /** Starts reading the clusters that no other replica reads; returns at once. */
  start(): void;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
  /** Asks a cluster again now instead of at the end of a delay; false for one that this replica does not read. */
  refreshCluster(name: string): boolean;
}

/** Joins clusters, database and ownership; the database has been migrated before. */
export function createInventory(options: {
  clusters: ClusterRegistry;
  database: Knex;
  logger: LoggerService;
  ownership: OwnershipIndex;
  settings: InventorySettings;
  /** Told after something that readers see was stored by this replica. */
  onChange?(kind: StoredChange): void;
  timing?: CollectorTiming;
  leaseTiming?: LeaseTiming;
}): RunningInventory {
  const {
    clusters,
    database,
    logger,
    ownership,
    settings,
    timing = DEFAULT_TIMING,
    leaseTiming = DEFAULT_LEASE_TIMING,
  } = options;
  const replica = randomUUID();
  const stopping = new AbortController();
  const collectors = new Map<string, ClusterCollector>();
  const turns = createWriteTurns(database);
  let running: Promise<void> | undefined;

  const watch = async (
    cluster: ReachableCluster,
    lease: ClusterLease,
    signal: AbortSignal,
  ) => {
    const collector = ClusterCollector.create({
      cluster,
      writer: ClusterWriter.create({
        database,
        cluster: cluster.name,
        turns,
        guard: trx => lease.assertHeld(trx),
        onChange: options.onChange,
      }),
      former: await formerCluster(database, cluster.name),
      primaryInjections: meshIds =>
        primaryInjections(database, { cluster: cluster.name, meshIds }),
      ownership,
      settings,
      logger: logger.child({ cluster: cluster.name }),
      timing,
    });
    collectors.set(cluster.name, collector);
    try {
      await collector.run(signal);
    } finally {
      collectors.delete(cluster.name);
    }
  };

  const run = async (signal: AbortSignal) => {
    if (!(await prepareStore({ clusters, database, logger, timing, signal }))) {
      return;
    }
    await Promise.all(
      clusters
        .list()
        .filter(isReachable)
        .map(cluster => {
          const lease = ClusterLease.create({
            database,
            cluster: cluster.name,
            holder: replica,
            ttlMs: leaseTiming.ttlMs,
          });
          return holdLease({
            lease,
            work: tenure => watch(cluster, lease, tenure),
            timing: leaseTiming,
            logger: logger.child({ cluster: cluster.name }),
            signal,
          });
        }),
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

type ReachableCluster = Cluster & { client: KubernetesClient };

function isReachable(cluster: Cluster): cluster is ReachableCluster {
  return cluster.client !== undefined;
}
