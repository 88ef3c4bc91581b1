import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Messages } from '../../hooks';
import { FailurePanel, StatusLabel } from '../widgets';
import { StartStep } from './StartStep';
import { useStart, type Start, type StartOptions } from './useStart';
import type { WizardStep } from './useWizardAddress';
import { WizardActions } from './WizardFrame';

/** The version the sidecars get and, after it, what will restart; both come from one plan. */
export function SidecarPlanSteps(props: {
  step: 'target' | 'execute';
  workloads: string[];
  options: StartOptions;
  onStep(step: WizardStep): void;
  onStarted(runId: string): void;
}) {
  const { step, workloads, options, onStep, onStarted } = props;
  const t = useMessages();
  const start = useStart({ kind: 'sidecars', workloads }, onStarted);
  if (step === 'target') {
    return <Target start={start} onStep={onStep} />;
  }
  const { plan } = start;
  return (
    <StartStep
      start={start}
      options={options}
      title={targetText(plan, t)}
      warning={`${t('plan.restarts', {
        count: plan?.changes.length ?? 0,
      })} ${t('plan.pods', { count: plan?.pods ?? 0 })}`}
      label={t('start.sidecars')}
      onBack={() => onStep('target')}
    />
  );
}

function Target(props: { start: Start; onStep(step: WizardStep): void }) {
  const { start, onStep } = props;
  const { plan, planning, planError, replan } = start;
  const t = useMessages();
  let reason: string | undefined;
  if (!plan) {
    reason = planError ? t('plan.failed') : t('plan.planning');
  } else if (plan.changes.length === 0) {
    reason = t('plan.nothing');
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
      {plan && (
        <>
          <Typography variant="h6" component="h3">
            {targetText(plan, t)}
          </Typography>
          <StatusLabel tone="good" text={t('workload.restart')} />
          <Typography>{t('plan.restartOnly')}</Typography>
        </>
      )}
      <WizardActions
        reason={reason}
        onBack={() => onStep('environment')}
        onNext={() => onStep('execute')}
      />
    </Box>
  );
}

function targetText(plan: UpgradePlan | undefined, t: Messages): string {
  return t('plan.sidecarTarget', {
    count: plan?.changes.length ?? 0,
    target: plan?.targetVersion ?? t('unknown'),
  });
}
