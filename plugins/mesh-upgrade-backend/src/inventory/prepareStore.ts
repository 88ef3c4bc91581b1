import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { Cluster, ClusterRegistry } from '../clusters/types';
import { backoffDelay, Pause } from './collect/Pause';
import type { CollectorTiming } from './collect/timing';
import { ClusterWriter } from './store/ClusterWriter';
import { formerCluster } from './store/formerCluster';
import { removeVanishedClusters } from './store/removeVanishedClusters';

/** Brings the stored clusters in line with the configured ones; false when stopped before it succeeded. */
export async function prepareStore(options: {
  clusters: ClusterRegistry;
  database: Knex;
  logger: LoggerService;
  timing: CollectorTiming;
  signal: AbortSignal;
}): Promise<boolean> {
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
      for (const cluster of clusters.list()) {
        await storeMisconfiguration(cluster, database);
      }
      return !signal.aborted;
    } catch (error) {
      logger.error(
        'The inventory cannot be read from the database; trying again',
        error as Error,
      );
      await pause.wait(backoffDelay(timing.backoff, attempt), signal);
    }
  }
  return false;
}

/** What was known of the cluster stays, with its age: a slip in the configuration hides no mesh. */
async function storeMisconfiguration(
  cluster: Cluster,
  database: Knex,
): Promise<void> {
  if (cluster.client !== undefined) {
    return;
  }
  const { name, title, mode, misconfiguration, remedy } = cluster;
  const former = await formerCluster(database, name);
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
