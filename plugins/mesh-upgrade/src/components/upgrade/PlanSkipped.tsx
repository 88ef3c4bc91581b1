import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';

/** What a plan leaves as it is, and why. */
export function PlanSkipped(props: { skipped: UpgradePlan['skipped'] }) {
  const { skipped } = props;
  const t = useMessages();
  if (skipped.length === 0) {
    return null;
  }
  return (
    <Alert severity="info">
      <Typography variant="body2">
        {t('plan.skipped', { count: skipped.length })}
      </Typography>
      {skipped.map(({ workload, reason }) => (
        <Typography key={workload} variant="body2">
          {`${workload}: ${reason}`}
        </Typography>
      ))}
    </Alert>
  );
}
