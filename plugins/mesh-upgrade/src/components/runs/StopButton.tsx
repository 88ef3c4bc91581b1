import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { ConfirmDialog, GuardedButton } from '../widgets';
import { stepCounts } from './stepCounts';
import { useRunControl } from './useRunControl';

/** *Disabled*: starts nothing more; says before what will happen to what is under way. */
export function StopButton(props: { run: RunView; onStopped(): void }) {
  const { run, onStopped } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const [asking, setAsking] = useState(false);
  const denied = useRunControl(run);
  const reason = run.state === 'stopping' ? t('run.outcome.stopping') : denied;
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
