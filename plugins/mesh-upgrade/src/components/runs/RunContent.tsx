import type { ReactNode } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Skeleton from '@material-ui/lab/Skeleton';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLive, useMessages } from '../../hooks';
import { FailurePanel } from '../widgets';
import { RunEvents } from './RunEvents';
import { RunFacts } from './RunFacts';
import { RunHeader } from './RunHeader';
import { RunOutcome } from './RunOutcome';
import { RunTimeline } from './RunTimeline';
import { RunWaiting } from './RunWaiting';
import { RunWarnings } from './RunWarnings';
import { isFinal } from './runWords';
import { SidecarSteps } from './SidecarSteps';
import { useEventLog } from './useEventLog';

/** A run as it happens: what it does, how far it is, its events and the way to stop it. */
export function RunContent(props: {
  runId: string;
  /** Said below the run until it is over. */
  meanwhile?: ReactNode;
}) {
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
      {run.value && !isFinal(run.value) && props.meanwhile}
    </>
  );
}

function Sections(props: { run: RunView; onChange(): void }) {
  const { run, onChange } = props;
  const log = useEventLog(run);
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      <RunHeader run={run} onChange={onChange} />
      <RunFacts run={run} />
      <RunWaiting run={run} onChange={onChange} />
      <RunOutcome run={run} />
      <RunWarnings run={run} events={log.events.value} />
      {run.kind === 'sidecars' ? (
        <SidecarSteps run={run} />
      ) : (
        <RunTimeline run={run} />
      )}
      <RunEvents run={run} log={log} />
    </Box>
  );
}
