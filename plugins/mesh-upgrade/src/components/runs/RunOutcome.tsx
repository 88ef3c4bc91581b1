import Box from '@material-ui/core/Box';
import Alert from '@material-ui/lab/Alert';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { NextSteps } from './NextSteps';
import { RetryButton } from './RetryButton';
import { ReturnButton } from './ReturnButton';
import { isRejected } from './runWords';
import { stepCounts } from './stepCounts';
import { WaitMessage } from './WaitMessage';

/** What has come of a run, and what to do next; while it runs, what it says about itself. */
export function RunOutcome(props: { run: RunView }) {
  const { run } = props;
  const t = useMessages();
  const { failed, skipped, succeeded } = stepCounts(run);
  switch (run.state) {
    case 'succeeded':
      return (
        <Alert severity="success">
          {run.returnOf
            ? t('run.outcome.returnSucceeded', { target: run.targetVersion })
            : t(`run.outcome.${run.kind}Succeeded`, {
                target: run.targetVersion,
              })}{' '}
          {run.message}
          <NextSteps run={run} />
          <WaysOn run={run} />
        </Alert>
      );
    case 'failed':
      return (
        <Alert severity="error">
          {t('run.outcome.failed', {
            count: failed,
            succeeded: `${succeeded}`,
            skipped: `${skipped}`,
          })}{' '}
          {run.message}
          <WaysOn run={run} />
        </Alert>
      );
    case 'stopped':
      return (
        <Alert severity="info">
          {isRejected(run)
            ? `${t('run.outcome.rejected')} ${run.message ?? ''}`
            : t('run.outcome.stopped', {
                count: skipped,
                succeeded: `${succeeded}`,
              })}
          <WaysOn run={run} />
        </Alert>
      );
    case 'stopping':
      return (
        <Alert severity="info">
          {t('run.outcome.stopping')} {run.message}
        </Alert>
      );
    default:
      return run.message && !run.waitsFor ? (
        <Alert severity="info">
          <WaitMessage text={run.message} />
        </Alert>
      ) : null;
  }
}

/** New upgrades that may follow this one. */
function WaysOn(props: { run: RunView }) {
  return (
    <Box display="flex" flexWrap="wrap" gridGap={8} mt={1}>
      <RetryButton run={props.run} />
      <ReturnButton run={props.run} />
    </Box>
  );
}
