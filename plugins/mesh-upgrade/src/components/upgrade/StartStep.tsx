import { useState, type ReactNode } from 'react';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import Skeleton from '@material-ui/lab/Skeleton';
import { useMessages } from '../../hooks';
import { PlanDetails } from '../plans';
import { FailurePanel } from '../widgets';
import { StartFailure } from './StartFailure';
import {
  startAtOf,
  startObstacle,
  StartTime,
  type StartChoice,
} from './StartTime';
import { StartWaits } from './StartWaits';
import type { Start, StartOptions } from './useStart';
import { WizardActions } from './WizardFrame';

/** The last look before a start: what will be changed, when, what it means, and the button. */
export function StartStep(props: {
  start: Start;
  options: StartOptions;
  /** What the plan comes to, in a sentence. */
  title: string;
  /** What cannot be undone or will be noticed. */
  warning: ReactNode;
  label: string;
  obstacle?: string;
  onBack?(): void;
}) {
  const { options, title, warning, label, obstacle, onBack } = props;
  const { plan, planning, planError, replan, starting, failure, start } =
    props.start;
  const t = useMessages();
  const [choice, setChoice] = useState<StartChoice>({ at: 'once' });
  let reason = obstacle;
  if (!reason && !plan) {
    reason = planError ? t('plan.failed') : t('plan.planning');
  } else if (!reason && plan?.changes.length === 0) {
    reason = t('plan.nothing');
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
      {!plan && planning && <Skeleton variant="rect" height={200} />}
      {plan && (
        <>
          <Typography variant="h6" component="h3">
            {title}
          </Typography>
          <PlanDetails plan={plan} />
        </>
      )}
      <Alert severity="warning">{warning}</Alert>
      <StartTime choice={choice} onChoose={setChoice} />
      <StartWaits waits={plan?.waitsFor} />
      {failure && <StartFailure error={failure} />}
      <WizardActions
        onBack={onBack}
        reason={reason ?? startObstacle(choice, t)}
        onNext={() => start({ ...options, startAt: startAtOf(choice) })}
        nextLabel={choice.at === 'time' ? t('start.schedule') : label}
      />
    </Box>
  );
}
