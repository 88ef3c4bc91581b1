import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { PlannedStep } from '../drivers/types';

/** A plan and the steps that would carry it out. */
export interface DraftRun {
  plan: UpgradePlan;
  steps: PlannedStep[];
  /** Clusters on which nothing is written from here: people change them. */
  handsOff?: string[];
}
