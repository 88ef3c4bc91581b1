import type { RunSummary } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../clusters/types';
import type { Inventory } from '../inventory/types';
import type { VersionCatalog } from '../versions/types';
import { configurationChecks } from './configurationChecks';
import { DefaultCheckRunner } from './runner/DefaultCheckRunner';
import { clusterReachable } from './mesh/cluster-reachable';
import { cniZtunnelSkew } from './mesh/cni-ztunnel-skew';
import { controlPlaneAvailability } from './mesh/control-plane-availability';
import { controlPlaneHealth } from './mesh/control-plane-health';
import { customConfiguration } from './mesh/custom-configuration';
import { dataPlaneSkew } from './mesh/data-plane-skew';
import { gitOpsOwner } from './mesh/gitops-owner';
import { images } from './mesh/images';
import { kubernetesVersion } from './mesh/kubernetes-version';
import { permissions, type RightsOf } from './mesh/permissions';
import { returnRisks } from './mesh/return-risks';
import { upgradeInProgress } from './mesh/upgrade-in-progress';
import { sidecarChecks } from './sidecar';
import type { CheckRunner, MeshCheck, SidecarCheck } from './types';

/** The runner with every check of the product, then those that modules added. */
export function createCheckRunner(options: {
  clusters: ClusterRegistry;
  versions: VersionCatalog;
  inventory: Pick<Inventory, 'mesh' | 'workloads'>;
  /** What the drivers of control planes will ask for. */
  rightsOf: RightsOf;
  /** Runs of this product that have not ended. */
  activeRuns: () => Promise<RunSummary[]>;
  /** What removing leftovers takes besides. */
  leftoverChecks: (leftovers: string[]) => MeshCheck[];
  added?: { meshChecks: MeshCheck[]; sidecarChecks: SidecarCheck[] };
}): CheckRunner {
  const {
    clusters,
    versions,
    inventory,
    rightsOf,
    activeRuns,
    leftoverChecks,
    added,
  } = options;
  return DefaultCheckRunner.create({
    clusters,
    meshChecks: [
      clusterReachable(),
      kubernetesVersion({ versions }),
      permissions({ rightsOf }),
      upgradeInProgress({ activeRuns }),
      controlPlaneHealth(),
      controlPlaneAvailability(),
      gitOpsOwner(),
      customConfiguration(),
      images({ versions }),
      dataPlaneSkew({ inventory }),
      returnRisks(),
      cniZtunnelSkew(),
      ...configurationChecks({ inventory }),
      ...(added?.meshChecks ?? []),
    ],
    leftoverChecks: leftovers => [
      clusterReachable(),
      upgradeInProgress({ activeRuns }),
      ...leftoverChecks(leftovers),
    ],
    sidecarChecks: [
      ...sidecarChecks({ inventory, versions }),
      ...(added?.sidecarChecks ?? []),
    ],
  });
}
