import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';

/** What a plan leaves as it is, and why. */
export function PlanSkipped(props: { plan: UpgradePlan }) {
  const { kind, skipped } = props.plan;
  const t = useMessages();
  if (skipped.length === 0) {
    return null;
  }
  return (
    <Alert severity="info">
      <AlertTitle>
        {kind === 'sidecars'
          ? t('plan.skipped', { count: skipped.length })
          : t('plan.leftAsItIs')}
      </AlertTitle>
      <ul style={{ margin: 0, paddingLeft: 16 }}>
        {skipped.map(({ workload, reason }) => (
          <li key={workload}>{`${workload}: ${reason}`}</li>
        ))}
      </ul>
    </Alert>
  );
}
