import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import Box from '@material-ui/core/Box';
import DialogContentText from '@material-ui/core/DialogContentText';
import TextField from '@material-ui/core/TextField';
import {
  runApprovePermission,
  type RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages, useUserRef } from '../../hooks';
import { ConfirmDialog, GuardedButton } from '../widgets';
import { runTitle } from './runWords';

type Decision = 'approve' | 'reject';

/** Approve or reject; both say first what follows, and why they cannot be used by whoever may not. */
export function ApprovalButtons(props: { run: RunView; onDecided(): void }) {
  const { run, onDecided } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const [asking, setAsking] = useState<Decision>();
  const [reason, setReason] = useState('');
  const obstacle = useApprovalObstacle(run);
  return (
    <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={8} mt={1}>
      <GuardedButton
        variant="contained"
        color="primary"
        size="small"
        reason={obstacle}
        onClick={() => setAsking('approve')}
      >
        {t('run.approve.button')}
      </GuardedButton>
      <GuardedButton
        variant="outlined"
        size="small"
        reason={obstacle}
        onClick={() => setAsking('reject')}
      >
        {t('run.reject.button')}
      </GuardedButton>
      {obstacle && <span>{obstacle}</span>}
      {asking && (
        <ConfirmDialog
          title={t(`run.${asking}.title`)}
          actLabel={t(`run.${asking}.act`)}
          failureTitle={t('run.decisionFailed')}
          act={async () => {
            await (asking === 'approve'
              ? api.approveRun(run.id)
              : api.rejectRun(run.id, { reason: reason.trim() || undefined }));
            onDecided();
          }}
          onClose={() => setAsking(undefined)}
        >
          <DialogContentText>
            {runTitle(run, t)}. {t(`run.${asking}.text`)}
          </DialogContentText>
          {asking === 'reject' && (
            <TextField
              fullWidth
              size="small"
              variant="outlined"
              label={t('run.reject.reason')}
              value={reason}
              onChange={event => setReason(event.target.value)}
              inputProps={{ 'aria-label': t('run.reject.reason') }}
            />
          )}
        </ConfirmDialog>
      )}
    </Box>
  );
}

/** Why the reader may not decide about a run, or undefined. */
function useApprovalObstacle(run: RunView): string | undefined {
  const t = useMessages();
  const user = useUserRef();
  const { loading, allowed } = usePermission({
    permission: runApprovePermission,
  });
  if (user === run.startedBy) {
    return t('run.approve.own');
  }
  return !loading && !allowed
    ? t('denied', { permission: runApprovePermission.name })
    : undefined;
}
