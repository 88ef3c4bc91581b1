import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Alert from '@material-ui/lab/Alert';
import { conflictingRun, replacedPlan, wordsOf } from '../../api/errors';
import { useMessages } from '../../hooks';
import { runRouteRef } from '../../routes';
import { FailurePanel } from '../widgets';

/** Why an upgrade did not start: another one is in the way, the plan is out of date, or what the server says. */
export function StartFailure(props: { error: Error }) {
  const { error } = props;
  const t = useMessages();
  const runLink = useRouteRef(runRouteRef);
  const runId = conflictingRun(error);
  if (runId) {
    return (
      <Alert severity="warning">
        {wordsOf(error)}{' '}
        <Link to={runLink({ id: runId })}>{t('start.openOther')}</Link>
      </Alert>
    );
  }
  if (replacedPlan(error)) {
    return <Alert severity="warning">{t('start.replaced')}</Alert>;
  }
  return <FailurePanel title={t('start.failed')} error={error} />;
}
