import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import type {
  RunEvent,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useAddress, useMessages } from '../../hooks';

/**
 * What was unexpected about a run as a whole, such as a change that somebody
 * else made: the newest, and the way to all. What a step ran into stands with
 * the step.
 */
export function RunWarnings(props: { run: RunView; events?: RunEvent[] }) {
  const { run, events = [] } = props;
  const t = useMessages();
  const { change } = useAddress();
  const warnings = events.filter(
    ({ level, message, stepId }) =>
      level === 'warning' &&
      stepId === undefined &&
      !(run.message && message.endsWith(run.message)),
  );
  const newest = warnings[warnings.length - 1];
  // Who asked for an end is a warning too, but no surprise.
  return newest && run.state !== 'stopping' && run.state !== 'stopped' ? (
    <Alert
      severity="warning"
      action={
        warnings.length > 1 && (
          <Button
            color="inherit"
            size="small"
            onClick={() => change({ eventLevel: 'warning' })}
          >
            {t('run.showWarnings', { count: warnings.length })}
          </Button>
        )
      }
    >
      <AlertTitle>{t('run.warnings', { count: warnings.length })}</AlertTitle>
      {newest.message}
    </Alert>
  ) : null;
}
