import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import Skeleton from '@material-ui/lab/Skeleton';
import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { FailurePanel, StatusLabel } from '../widgets';
import { PlanChanges } from './PlanChanges';
import { PlanSkipped } from './PlanSkipped';
import { StartFailure } from './StartFailure';
import { useStart } from './useStart';
import type { WizardStep } from './useWizardAddress';
import { WizardActions } from './WizardFrame';

/** The version the sidecars get and, after it, what will restart; both come from one plan. */
export function SidecarPlanSteps(props: {
  step: 'target' | 'execute';
  workloads: string[];
  consents: string[];
  onStep(step: WizardStep): void;
  onStarted(runId: string): void;
}) {
  const { step, workloads, consents, onStep, onStarted } = props;
  const t = useMessages();
  const { plan, planning, planError, replan, starting, failure, start } =
    useStart({ kind: 'sidecars', workloads }, consents, onStarted);
  let reason: string | undefined;
  if (!plan) {
    reason = planError ? t('plan.failed') : t('plan.planning');
  } else if (plan.changes.length === 0) {
    reason = t('plan.nothing');
  } else if (starting) {
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
      {planning && !plan && <Skeleton variant="rect" height={200} />}
      {plan && step === 'target' && <Target plan={plan} />}
      {plan && step === 'execute' && <Execute plan={plan} />}
      {failure && <StartFailure error={failure} />}
      <WizardActions
        reason={reason}
        onBack={() => onStep(step === 'target' ? 'environment' : 'target')}
        onNext={step === 'target' ? () => onStep('execute') : start}
        nextLabel={step === 'target' ? undefined : t('start.sidecars')}
      />
    </Box>
  );
}

function Target(props: { plan: UpgradePlan }) {
  const t = useMessages();
  const { targetVersion, changes } = props.plan;
  return (
    <>
      <Typography variant="h6" component="h3">
        {t('plan.sidecarTarget', {
          count: changes.length,
          target: targetVersion,
        })}
      </Typography>
      <StatusLabel tone="good" text={t('workload.restart')} />
      <Typography>{t('plan.restartOnly')}</Typography>
    </>
  );
}

function Execute(props: { plan: UpgradePlan }) {
  const t = useMessages();
  const { plan } = props;
  return (
    <>
      <Alert severity="warning">
        {t('plan.restarts', { count: plan.changes.length })}{' '}
        {t('plan.pods', { count: plan.pods })}
      </Alert>
      <PlanChanges plan={plan} />
      <PlanSkipped skipped={plan.skipped} />
    </>
  );
}
