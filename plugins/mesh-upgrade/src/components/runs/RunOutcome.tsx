import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { Instruction } from '../widgets';
import { NextSteps } from './NextSteps';
import { RetryButton } from './RetryButton';
import { ReturnButton } from './ReturnButton';
import { isRejected } from './runWords';
import { stepCounts } from './stepCounts';

/** The table of a sidecar upgrade lists all of them, failures first. */
const MOST_FAILURES = 5;

const useStyles = makeStyles(theme => ({
  failures: {
    margin: theme.spacing(1, 0, 0),
    paddingLeft: theme.spacing(2),
    overflowWrap: 'anywhere',
    '&:empty': { display: 'none' },
  },
  waysOn: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1),
    '&:empty': { display: 'none' },
  },
}));

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
          {failed > 0
            ? t('run.outcome.failed', {
                count: failed,
                succeeded: `${succeeded}`,
                skipped: `${skipped}`,
              })
            : run.message}
          <Failures run={run} />
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
          <Instruction text={run.message} />
        </Alert>
      ) : null;
  }
}

/** What failed, each in the words of whoever refused or broke. */
function Failures(props: { run: RunView }) {
  const classes = useStyles();
  return (
    <ul className={classes.failures}>
      {props.run.steps
        .filter(({ state }) => state === 'failed')
        .slice(0, MOST_FAILURES)
        .map(({ id, cluster, title, message }) => (
          <li key={id}>{`${cluster}, ${title}: ${message}`}</li>
        ))}
    </ul>
  );
}

/** New upgrades that may follow this one. */
function WaysOn(props: { run: RunView }) {
  const classes = useStyles();
  return (
    <div className={classes.waysOn}>
      <RetryButton run={props.run} />
      <ReturnButton run={props.run} />
    </div>
  );
}
