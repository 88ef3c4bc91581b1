import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import type { Knex } from 'knex';
import type { ClusterRegistry } from '../clusters/types';
import type { Inventory } from '../inventory/types';
import { DefaultVersionCatalog } from './DefaultVersionCatalog';
import { OciRegistryClient } from './registry/OciRegistryClient';
import { readVersionsConfig } from './readVersionsConfig';
import { DatabaseSourceStore } from './sources/DatabaseSourceStore';
import type { VersionCatalog } from './types';

/** How soon the sources of a new mesh are asked. */
const TICK_MS = 15_000;

/** The catalog of versions as `meshUpgrade.versions` configures it. */
export function createVersionCatalog(options: {
  clusters: ClusterRegistry;
  config: Config;
  database: Knex;
  inventory: Pick<Inventory, 'meshes'>;
  logger: LoggerService;
  /** Called after a source was asked. */
  onChange: () => void;
}): {
  versions: VersionCatalog;
  /** How often `refresh` has to be called; who is asked then depends on the configured interval. */
  tick: { milliseconds: number };
} {
  const { clusters, database, inventory, logger, onChange } = options;
  const config = readVersionsConfig(options.config);
  for (const problem of config.problems) {
    logger.warn(`meshUpgrade.versions: ${problem}`);
  }
  const intervalMs = durationToMilliseconds(config.refreshInterval);
  const tickMs = Math.min(intervalMs, TICK_MS);
  return {
    versions: DefaultVersionCatalog.create({
      config,
      clusters,
      reader: OciRegistryClient.create({ config }),
      store: DatabaseSourceStore.create(database),
      matrix: config.matrix,
      meshes: () => inventory.meshes(),
      // Due at the tick that is nearest.
      minAgeMs: intervalMs - tickMs / 2,
      onChange,
      onError: error =>
        logger.warn('A source of versions could not be kept', error as Error),
    }),
    tick: { milliseconds: tickMs },
  };
}
