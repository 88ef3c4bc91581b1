import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import MuiLink from '@material-ui/core/Link';
import Skeleton from '@material-ui/lab/Skeleton';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { PlanDetails } from '../plans';
import { FailurePanel } from '../widgets';

const TITLE_ID = 'mesh-upgrade-run-plan';

/** Opens the plan a run was started with. */
export function RunPlan(props: { run: RunView }) {
  const { run } = props;
  const t = useMessages();
  const [open, setOpen] = useState(false);
  return (
    <>
      <MuiLink
        component="button"
        variant="body2"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t('run.plan', { hash: run.planHash.slice(0, 8) })}
      </MuiLink>
      {open && (
        <Dialog
          open
          fullWidth
          maxWidth="md"
          aria-labelledby={TITLE_ID}
          onClose={() => setOpen(false)}
        >
          <DialogTitle id={TITLE_ID}>{t('run.planTitle')}</DialogTitle>
          <DialogContent>
            <StoredPlan runId={run.id} />
          </DialogContent>
          <DialogActions>
            <Button onClick={() => setOpen(false)}>{t('action.close')}</Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
}

function StoredPlan(props: { runId: string }) {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const plan = useAsyncRetry(
    () => api.getRunPlan(props.runId),
    [api, props.runId],
  );
  return (
    <>
      {plan.error && (
        <FailurePanel
          title={t('run.planFailed')}
          error={plan.error}
          onRetry={plan.retry}
        />
      )}
      {plan.loading && <Skeleton variant="rect" height={200} />}
      {plan.value && <PlanDetails plan={plan.value} />}
    </>
  );
}
