import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Alert from '@material-ui/lab/Alert';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { sidecarsRouteRef } from '../../routes';
import { stepCounts } from './stepCounts';

/** What has come of a run, and what to do next; while it runs, what it says it waits for. */
export function RunOutcome(props: { run: RunView }) {
  const { run } = props;
  const t = useMessages();
  const sidecarsLink = useRouteRef(sidecarsRouteRef);
  const { failed, skipped, succeeded } = stepCounts(run);
  switch (run.state) {
    case 'succeeded':
      return (
        <Alert severity="success">
          {t(`run.outcome.${run.kind}Succeeded`, {
            target: run.targetVersion,
          })}{' '}
          {run.kind === 'mesh' && run.meshId && (
            <Link
              to={`${sidecarsLink()}?${new URLSearchParams({
                mesh: run.meshId,
                outdated: 'true',
              })}`}
            >
              {t('run.outcome.next')}
            </Link>
          )}
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
        </Alert>
      );
    case 'stopped':
      return (
        <Alert severity="info">
          {t('run.outcome.stopped', {
            count: skipped,
            succeeded: `${succeeded}`,
          })}
        </Alert>
      );
    case 'stopping':
      return (
        <Alert severity="info">
          {t('run.outcome.stopping')} {run.message}
        </Alert>
      );
    default:
      return run.message ? <Alert severity="info">{run.message}</Alert> : null;
  }
}
