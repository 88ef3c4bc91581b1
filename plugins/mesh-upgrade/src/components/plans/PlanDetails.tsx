import Box from '@material-ui/core/Box';
import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { PlanChanges } from './PlanChanges';
import { PlanExport } from './PlanExport';
import { PlanSkipped } from './PlanSkipped';
import { PlanSteps } from './PlanSteps';

/** All of a plan: what changes, what does not and why, its steps, and the way to take it along. */
export function PlanDetails(props: { plan: UpgradePlan }) {
  const { plan } = props;
  return (
    <Box display="flex" flexDirection="column" gridGap={16} minWidth={0}>
      <PlanChanges changes={plan.changes} />
      <PlanSkipped plan={plan} />
      <PlanSteps plan={plan} />
      <PlanExport plan={plan} />
    </Box>
  );
}
