import { useState, type ReactNode } from 'react';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import { useMessages } from '../../hooks';
import { FailurePanel } from './FailurePanel';

/** Asks before something that cannot be undone; stays open with the reason when it fails. */
export function ConfirmDialog(props: {
  title: string;
  children: ReactNode;
  /** The act and its size. */
  actLabel: string;
  failureTitle: string;
  act(): Promise<void>;
  onClose(): void;
}) {
  const { title, children, actLabel, failureTitle, act, onClose } = props;
  const t = useMessages();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();

  async function confirm() {
    setBusy(true);
    setError(undefined);
    try {
      await act();
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby="mesh-upgrade-confirm">
      <DialogTitle id="mesh-upgrade-confirm">{title}</DialogTitle>
      <DialogContent>
        {children}
        {error && <FailurePanel title={failureTitle} error={error} />}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button
          color="primary"
          variant="contained"
          disabled={busy}
          onClick={confirm}
        >
          {actLabel}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
