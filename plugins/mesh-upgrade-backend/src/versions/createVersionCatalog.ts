import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import type { HumanDuration } from '@backstage/types';
import { OciRegistryClient } from './OciRegistryClient';
import { readVersionsConfig } from './readVersionsConfig';
import { RegistryVersionCatalog } from './RegistryVersionCatalog';
import type { VersionCatalog } from './types';

/** The catalog of versions as `meshUpgrade.versions` configures it. */
export function createVersionCatalog(options: {
  config: Config;
  logger: LoggerService;
}): { versions: VersionCatalog; refreshInterval: HumanDuration } {
  const config = readVersionsConfig(options.config);
  for (const problem of config.problems) {
    options.logger.warn(`meshUpgrade.versions: ${problem}`);
  }
  return {
    versions: RegistryVersionCatalog.create({
      reader: OciRegistryClient.create({ config }),
      repositories: config.repositories,
    }),
    refreshInterval: config.refreshInterval,
  };
}
