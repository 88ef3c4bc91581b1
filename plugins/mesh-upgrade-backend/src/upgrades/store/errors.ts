import { ConflictError, CustomErrorBase } from '@backstage/errors';
import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Another replica drives the run now; a normal outcome for the one that loses. */
export class LeaseLostError extends CustomErrorBase {
  name = 'LeaseLostError' as const;
}

/** Another run holds what this one needs. */
export class RunConflictError extends ConflictError {
  readonly runId: string;

  constructor(message: string, runId: string) {
    super(message);
    this.runId = runId;
  }
}

/** The clusters changed since the plan was made; `plan` is the present one. */
export class PlanChangedError extends ConflictError {
  readonly plan: UpgradePlan;

  constructor(message: string, plan: UpgradePlan) {
    super(message);
    this.plan = plan;
  }
}
