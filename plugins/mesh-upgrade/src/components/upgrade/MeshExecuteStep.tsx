import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { FailurePanel } from '../widgets';
import { PlanChanges } from './PlanChanges';
import { PlanSkipped } from './PlanSkipped';
import { StartFailure } from './StartFailure';
import { useStart } from './useStart';
import { WizardActions } from './WizardFrame';

/** Execute upgrade, before it has begun: what will be changed, and the button. */
export function MeshExecuteStep(props: {
  mesh: MeshView;
  version: string;
  consents: string[];
  obstacle?: string;
  onBack(): void;
  onStarted(runId: string): void;
}) {
  const { mesh, version, consents, obstacle, onBack, onStarted } = props;
  const t = useMessages();
  const { plan, planning, planError, replan, starting, failure, start } =
    useStart(
      { kind: 'mesh', meshId: mesh.id, targetVersion: version },
      consents,
      onStarted,
    );
  let reason = obstacle;
  if (!reason && !plan) {
    reason = planError ? t('plan.failed') : t('plan.planning');
  } else if (!reason && starting) {
    reason = t('start.starting');
  }
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {planError && !planning && (
        <FailurePanel
          title={t('plan.failed')}
          error={planError}
          onRetry={replan}
        />
      )}
      {(plan || planning) && (
        <>
          <Typography variant="h6" component="h3">
            {t('plan.mesh', {
              count: plan?.changes.length ?? 0,
              from: plan?.fromVersion ?? mesh.version ?? t('unknown'),
              target: version,
            })}
          </Typography>
          <PlanChanges plan={plan} />
        </>
      )}
      {plan && <PlanSkipped skipped={plan.skipped} />}
      <Alert severity="warning">
        {t('target.noWayBack')} {t('run.handsOff')}
      </Alert>
      {failure && <StartFailure error={failure} />}
      <WizardActions
        onBack={onBack}
        reason={reason}
        onNext={start}
        nextLabel={t('start.mesh', { mesh: mesh.name, target: version })}
      />
    </Box>
  );
}
