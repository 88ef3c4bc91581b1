import Box from '@material-ui/core/Box';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import type {
  RunView,
  RunWait,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { CopyButton, Instruction, Moment, Remaining } from '../widgets';
import { ApprovalButtons } from './ApprovalButtons';
import { isFinal } from './runWords';

/** What keeps a run from going on, for how long, and what the reader can do about it. */
export function RunWaiting(props: { run: RunView; onChange(): void }) {
  const { run, onChange } = props;
  const t = useMessages();
  const { waitsFor } = run;
  if (!waitsFor || isFinal(run)) {
    return null;
  }
  return (
    <Alert severity="info">
      <AlertTitle>{t(`run.waits.${waitsFor.kind}`)}</AlertTitle>
      {/* The time itself follows. */}
      {waitsFor.kind !== 'time' && <Instruction text={waitsFor.message} />}
      {waitsFor.kind === 'change' && !waitsFor.message.includes('\n') && (
        <CopyButton text={waitsFor.message} />
      )}
      {waitsFor.until && <Until wait={waitsFor} at={waitsFor.until} />}
      {waitsFor.kind === 'approval' && (
        <ApprovalButtons run={run} onDecided={onChange} />
      )}
    </Alert>
  );
}

function Until(props: { wait: RunWait; at: string }) {
  const { wait, at } = props;
  const t = useMessages();
  return (
    <Box mt={1}>
      {t(`run.waits.${wait.kind}Until`)} <Moment at={at} />
      {' · '}
      {t('run.waits.left')} <Remaining until={at} />
    </Box>
  );
}
