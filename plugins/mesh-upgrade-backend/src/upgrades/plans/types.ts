import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';
import type { ControlPlaneDriver, PlannedStep } from '../drivers/types';
import type { Step } from '../types';

/** A plan and the steps that would carry it out. */
export interface DraftRun {
  plan: UpgradePlan;
  steps: PlannedStep[];
  /** Clusters on which nothing is written from here: people change them. */
  handsOff?: string[];
}

/** What planning a mesh goes by. */
export interface MeshPlanOptions {
  mesh: InventoriedMesh;
  clusters: ClusterRegistry;
  drivers: ControlPlaneDriver[];
  /** Clusters that are upgraded and proven before all others. */
  canaryClusters: string[];
  /** Steps of the run that is taken back: everything in the opposite order, each by its driver's way back. */
  returned?: Step[];
  signal: AbortSignal;
}
