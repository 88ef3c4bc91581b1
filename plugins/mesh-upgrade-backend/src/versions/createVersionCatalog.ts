import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import type { Knex } from 'knex';
import type { ClusterRegistry } from '../clusters/types';
import type { Inventory } from '../inventory/types';
import { DefaultVersionCatalog } from './DefaultVersionCatalog';
import { OciRegistryClient } from './registry/OciRegistryClient';
import { readVersionsConfig } from './readVersionsConfig';
import { DatabaseSourceStore } from './sources/DatabaseSourceStore';
import type { VersionCatalog } from './types';

/** The catalog of versions as `meshUpgrade.versions` configures it. */
export function createVersionCatalog(options: {
  clusters: ClusterRegistry;
  config: Config;
  database: Knex;
  inventory: Pick<Inventory, 'meshes'>;
  logger: LoggerService;
  /** Called when other versions are known than before. */
  onChange: () => void;
}): { versions: VersionCatalog; refreshInterval: HumanDuration } {
  const { clusters, database, inventory, logger, onChange } = options;
  const config = readVersionsConfig(options.config);
  for (const problem of config.problems) {
    logger.warn(`meshUpgrade.versions: ${problem}`);
  }
  const { matrix, refreshInterval } = config;
  return {
    versions: DefaultVersionCatalog.create({
      config,
      clusters,
      reader: OciRegistryClient.create({ config }),
      store: DatabaseSourceStore.create(database),
      matrix,
      meshes: () => inventory.meshes(),
      // Every replica asks at this interval; one answer is enough for all.
      minAgeMs: durationToMilliseconds(refreshInterval) / 2,
      onChange,
      onError: error =>
        logger.warn('A source of versions could not be kept', error as Error),
    }),
    refreshInterval,
  };
}
