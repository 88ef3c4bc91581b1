import { useState } from 'react';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import DialogContentText from '@material-ui/core/DialogContentText';
import useAsync from 'react-use/lib/useAsync';
import {
  runControlPermission,
  type RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { ConfirmDialog, GuardedButton } from '../widgets';
import { stepCounts } from './stepCounts';

/** *Disabled*: starts nothing more; says before what will happen to what is under way. */
export function StopButton(props: { run: RunView; onStopped(): void }) {
  const { run, onStopped } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const identityApi = useApi(identityApiRef);
  const [asking, setAsking] = useState(false);
  const { value: identity } = useAsync(
    () => identityApi.getBackstageIdentity(),
    [identityApi],
  );
  const { loading, allowed } = usePermission({
    permission: runControlPermission,
  });
  const own = identity?.userEntityRef === run.startedBy;
  let reason: string | undefined;
  if (run.state === 'stopping') {
    reason = t('run.outcome.stopping');
  } else if (identity && !own && !loading && !allowed) {
    reason = t('run.stop.denied', { permission: runControlPermission.name });
  }
  const { pending, running, succeeded } = stepCounts(run);
  return (
    <>
      <GuardedButton
        variant="outlined"
        reason={reason}
        onClick={() => setAsking(true)}
      >
        {t('run.stop.button')}
      </GuardedButton>
      {asking && (
        <ConfirmDialog
          title={t('run.stop.title')}
          actLabel={t('run.stop.act')}
          failureTitle={t('run.stop.failed')}
          act={async () => {
            await api.stopRun(run.id);
            onStopped();
          }}
          onClose={() => setAsking(false)}
        >
          <DialogContentText>
            {t('run.stop.pending', { count: pending })}{' '}
            {t('run.stop.running', { count: running })}{' '}
            {t('run.stop.succeeded', { count: succeeded })}
          </DialogContentText>
        </ConfirmDialog>
      )}
    </>
  );
}
