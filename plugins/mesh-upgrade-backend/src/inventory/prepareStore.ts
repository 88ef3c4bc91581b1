import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { Cluster, ClusterRegistry } from '../clusters/types';
import { backoffDelay, Pause } from './collect/Pause';
import type { CollectorTiming } from './collect/timing';
import { ClusterWriter } from './store/ClusterWriter';
import { removeVanishedClusters } from './store/removeVanishedClusters';
import { fromClusterRow } from './store/rows';
import type { ClusterRow, InventoriedCluster } from './store/rows';

/**
 * Brings the stored clusters in line with the configured ones and returns
 * what was stored of them by name; undefined when stopped before it succeeded.
 */
export async function prepareStore(options: {
  clusters: ClusterRegistry;
  database: Knex;
  logger: LoggerService;
  timing: CollectorTiming;
  signal: AbortSignal;
}): Promise<Map<string, InventoriedCluster> | undefined> {
  const { clusters, database, logger, timing, signal } = options;
  const pause = new Pause();
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      const vanished = await removeVanishedClusters(
        database,
        clusters.list().map(({ name }) => name),
      );
      if (vanished.length > 0) {
        logger.info(
          `Forgot clusters that are not configured any more: ${vanished.join(
            ', ',
          )}`,
        );
      }
      const rows: ClusterRow[] = await database('clusters').select();
      const former = new Map(rows.map(row => [row.name, fromClusterRow(row)]));
      for (const cluster of clusters.list()) {
        await storeMisconfiguration(
          cluster,
          former.get(cluster.name),
          database,
        );
      }
      return former;
    } catch (error) {
      logger.error(
        'The inventory cannot be read from the database; trying again',
        error as Error,
      );
      await pause.wait(backoffDelay(timing.backoff, attempt), signal);
    }
  }
  return undefined;
}

/** What was known of the cluster stays, with its age: a slip in the configuration hides no mesh. */
async function storeMisconfiguration(
  cluster: Cluster,
  former: InventoriedCluster | undefined,
  database: Knex,
): Promise<void> {
  if (cluster.client !== undefined) {
    return;
  }
  const { name, title, mode, misconfiguration, remedy } = cluster;
  const formerHealth = former?.view.health;
  await ClusterWriter.create({ database, cluster: name }).write({
    cluster: {
      view: {
        ...former?.view,
        name,
        title,
        mode,
        health: {
          state: 'misconfigured',
          reason: misconfiguration,
          remedy,
          since:
            formerHealth?.state === 'misconfigured'
              ? formerHealth.since
              : new Date().toISOString(),
        },
      },
      meshIds: former?.meshIds ?? [],
    },
  });
}
