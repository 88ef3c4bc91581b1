import type { ClusterRegistry } from '../clusters/types';
import type { VersionCatalog } from '../versions/types';
import { DefaultCheckRunner } from './DefaultCheckRunner';
import { desiredVersionCheck } from './desiredVersionCheck';
import { hotUpgradeConditionsCheck } from './hotUpgradeConditionsCheck';
import { injectionDryRunCheck } from './injectionDryRunCheck';
import { kubernetesVersionCheck } from './kubernetesVersionCheck';
import { restartMethodCheck } from './restartMethodCheck';
import type { CheckRunner } from './types';

/** The runner with every check of the product. */
export function createCheckRunner(options: {
  clusters: ClusterRegistry;
  versions: VersionCatalog;
}): CheckRunner {
  return DefaultCheckRunner.create({
    clusters: options.clusters,
    meshChecks: [
      kubernetesVersionCheck({
        tagsFor: async mesh => (await options.versions.tagsFor(mesh)).tags,
      }),
    ],
    sidecarChecks: [
      restartMethodCheck(),
      desiredVersionCheck(),
      injectionDryRunCheck(),
      hotUpgradeConditionsCheck(),
    ],
  });
}
