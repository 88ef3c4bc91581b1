import type {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { readUpgradeSettings } from './config';
import { createGitOpsDriver } from './drivers/gitOps';
import { createHelmDriver } from './drivers/helm';
import { createIstioctlDriver } from './drivers/istioctl';
import { sailDriver } from './drivers/sail';
import type { ControlPlaneDriver } from './drivers/types';

/** Every way of upgrading a control plane that the product knows. */
export function createDrivers(options: {
  config: RootConfigService;
  logger: LoggerService;
}): ControlPlaneDriver[] {
  const { config, logger } = options;
  const { helm, istioctl } = readUpgradeSettings(config, problem =>
    logger.warn(problem),
  );
  return [
    sailDriver,
    createHelmDriver(helm),
    createIstioctlDriver(istioctl),
    createGitOpsDriver('flux'),
    createGitOpsDriver('argocd'),
  ];
}
