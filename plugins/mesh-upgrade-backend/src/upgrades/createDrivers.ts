import type {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { readHelmSettings } from './config';
import { createHelmDriver } from './drivers/helm';
import { sailDriver } from './drivers/sail';
import type { ControlPlaneDriver } from './drivers/types';

/** Every way of upgrading a control plane that the product knows. */
export function createDrivers(options: {
  config: RootConfigService;
  logger: LoggerService;
}): ControlPlaneDriver[] {
  const { config, logger } = options;
  return [
    sailDriver,
    createHelmDriver(readHelmSettings(config, problem => logger.warn(problem))),
  ];
}
