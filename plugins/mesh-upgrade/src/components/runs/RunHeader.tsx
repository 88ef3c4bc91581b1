import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { durationText, Elapsed, StatusLabel } from '../widgets';
import { PauseButton } from './PauseButton';
import { isFinal, runStateText, runTitle, runTone } from './runWords';
import { StopButton } from './StopButton';

/** What a run does, how it is, for how long, and the ways to hold it. */
export function RunHeader(props: { run: RunView; onChange(): void }) {
  const { run, onChange } = props;
  const t = useMessages();
  const final = isFinal(run);
  return (
    <Box display="flex" alignItems="center" flexWrap="wrap" gridGap={16}>
      <Typography variant="h5" component="h2" style={{ margin: 0 }}>
        {runTitle(run, t)}
      </Typography>
      <Box component="span" role="status">
        <StatusLabel tone={runTone(run)} text={runStateText(run, t)} />
      </Box>
      <Typography variant="body2" component="span">
        {run.startedAt && <Elapsed from={run.startedAt} to={run.endedAt} />}
        {run.usualSeconds !== undefined &&
          ` (${t('run.usually', {
            duration: durationText(run.usualSeconds, t),
          })})`}
      </Typography>
      <Box flexGrow={1} />
      {!final && <PauseButton run={run} onChange={onChange} />}
      {!final && <StopButton run={run} onStopped={onChange} />}
    </Box>
  );
}
