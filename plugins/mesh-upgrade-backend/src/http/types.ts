import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type { AuthorizedUpgrades } from '../access/AuthorizedUpgrades';
import type { Authorizer } from '../access/Authorizer';
import type { Inventory } from '../inventory/types';
import type { MeshOverview } from '../meshes/MeshOverview';
import type { WorkloadOverview } from '../workloads/WorkloadOverview';
import type { MeshLeftovers } from '../upgrades/leftovers';
import type { UpgradeService } from '../upgrades/types';

/** What the routes call; none of them knows SQL or Kubernetes. */
export interface RouterOptions {
  httpAuth: HttpAuthService;
  authorizer: Authorizer;
  inventory: Inventory;
  meshes: MeshOverview;
  workloads: WorkloadOverview;
  leftovers: Pick<MeshLeftovers, 'list'>;
  upgrades: AuthorizedUpgrades;
  runs: Pick<UpgradeService, 'run' | 'planOf' | 'runs' | 'events'>;
}
