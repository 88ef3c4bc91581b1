import type { ClusterRegistry } from '../clusters/types';
import type { VersionCatalog } from '../versions/types';
import { DefaultCheckRunner } from './runner/DefaultCheckRunner';
import { clusterReachable } from './mesh/cluster-reachable';
import { kubernetesVersion } from './mesh/kubernetes-version';
import { desiredVersion } from './sidecar/desired-version';
import { hotUpgradeConditions } from './sidecar/hot-upgrade-conditions';
import { injectionDryRun } from './sidecar/injection-dry-run';
import { restartMethod } from './sidecar/restart-method';
import type { CheckRunner, MeshCheck, SidecarCheck } from './types';

/** The runner with every check of the product, then those that modules added. */
export function createCheckRunner(options: {
  clusters: ClusterRegistry;
  versions: VersionCatalog;
  added?: { meshChecks: MeshCheck[]; sidecarChecks: SidecarCheck[] };
}): CheckRunner {
  const { clusters, versions, added } = options;
  return DefaultCheckRunner.create({
    clusters,
    meshChecks: [
      clusterReachable(),
      kubernetesVersion({
        tagsFor: async mesh => (await versions.tagsFor(mesh)).tags,
      }),
      ...(added?.meshChecks ?? []),
    ],
    sidecarChecks: [
      restartMethod(),
      desiredVersion(),
      injectionDryRun(),
      hotUpgradeConditions(),
      ...(added?.sidecarChecks ?? []),
    ],
  });
}
