import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLive, useMessages } from '../../hooks';
import {
  Elapsed,
  FailurePanel,
  Person,
  RelativeTime,
  StatusLabel,
} from '../widgets';
import { PauseButton } from './PauseButton';
import { RunEvents } from './RunEvents';
import { RunOutcome } from './RunOutcome';
import { RunPhases } from './RunPhases';
import { SidecarSteps } from './SidecarSteps';
import { StopButton } from './StopButton';
import { isFinal, RUN_TONES, runTitle } from './runWords';

/** A run as it happens: what it does, how far it is, its events and the way to stop it. */
export function RunContent(props: { runId: string }) {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const run = useLive(
    props.runId,
    () => api.getRun(props.runId),
    value => (isFinal(value) ? undefined : 2_000),
  );
  return (
    <>
      {run.error && (
        <FailurePanel
          title={run.value ? t('run.stale') : t('run.failed')}
          error={run.error}
          onRetry={run.refresh}
        />
      )}
      {run.loading && <Skeleton variant="rect" height={320} />}
      {run.value && <Sections run={run.value} onChange={run.refresh} />}
    </>
  );
}

function Sections(props: { run: RunView; onChange(): void }) {
  const { run, onChange } = props;
  const t = useMessages();
  const final = isFinal(run);
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      <Box display="flex" alignItems="center" flexWrap="wrap" gridGap={16}>
        <Typography variant="h5" component="h2">
          {runTitle(run, t)}
        </Typography>
        <Box component="span" role="status">
          <StatusLabel
            tone={RUN_TONES[run.state]}
            text={t(`run.state.${run.state}`)}
          />
        </Box>
        {run.startedAt && (
          <Typography variant="body2" component="span">
            <Elapsed from={run.startedAt} to={run.endedAt} />
          </Typography>
        )}
        <Box flexGrow={1} />
        {!final && <PauseButton run={run} onChange={onChange} />}
        {!final && <StopButton run={run} onStopped={onChange} />}
      </Box>
      <Typography variant="body2" color="textSecondary">
        {t('run.startedBy')} <Person entityRef={run.startedBy} />{' '}
        <RelativeTime at={run.startedAt ?? run.createdAt} />
        {` · ${t('run.plan', { hash: run.planHash.slice(0, 8) })}`}
        {run.driver && ` · ${t('run.driver', { driver: run.driver })}`}
        {!final && run.kind === 'mesh' && ` · ${t('run.handsOff')}`}
      </Typography>
      <RunOutcome run={run} />
      {run.kind === 'mesh' ? (
        <RunPhases run={run} />
      ) : (
        <SidecarSteps run={run} />
      )}
      <RunEvents runId={run.id} final={final} />
    </Box>
  );
}
