import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import type {
  RunEvent,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useAddress, useMessages } from '../../hooks';

/** What was unexpected during a run, such as a change that somebody else made: the newest, and the way to all. */
export function RunWarnings(props: { run: RunView; events?: RunEvent[] }) {
  const { run, events = [] } = props;
  const t = useMessages();
  const { change } = useAddress();
  const warnings = events.filter(
    ({ level, message, output }) =>
      level === 'warning' && !output && message !== run.message,
  );
  const newest = warnings[warnings.length - 1];
  return newest ? (
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
