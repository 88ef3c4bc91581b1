import { useEffect, useRef } from 'react';
import Box from '@material-ui/core/Box';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { RunEventLevel } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, useRunEvents } from '../../hooks';
import { ClockTime, FailurePanel, StatusLabel, type Tone } from '../widgets';

const TONES: Record<Exclude<RunEventLevel, 'info'>, Tone> = {
  warning: 'warning',
  error: 'bad',
};

const useStyles = makeStyles(theme => ({
  log: {
    maxHeight: 280,
    overflow: 'auto',
    padding: theme.spacing(1, 2),
    fontFamily: 'monospace',
  },
  line: { display: 'flex', gap: theme.spacing(2), overflowWrap: 'anywhere' },
}));

/** What happened, oldest first; follows the newest line unless the reader has scrolled up. */
export function RunEvents(props: { runId: string; final: boolean }) {
  const classes = useStyles();
  const t = useMessages();
  const events = useRunEvents(props.runId, props.final);
  const log = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  const count = events.value?.length ?? 0;

  useEffect(() => {
    if (log.current && follow.current) {
      log.current.scrollTop = log.current.scrollHeight;
    }
  }, [count]);

  return (
    <Box component="section">
      <Typography variant="h6" component="h3" gutterBottom>
        {t('run.events')}
      </Typography>
      {events.error && (
        <FailurePanel
          title={t('run.eventsFailed')}
          error={events.error}
          onRetry={events.refresh}
        />
      )}
      <Paper
        ref={log}
        variant="outlined"
        className={classes.log}
        role="log"
        tabIndex={0}
        aria-label={t('run.events')}
        onScroll={({ currentTarget }) => {
          follow.current =
            currentTarget.scrollHeight -
              currentTarget.scrollTop -
              currentTarget.clientHeight <
            24;
        }}
      >
        {count === 0 && (
          <Typography variant="body2" color="textSecondary">
            {t('run.noEvents')}
          </Typography>
        )}
        {events.value?.map(event => (
          <Box key={event.id} className={classes.line}>
            <Typography variant="body2" component="span" color="textSecondary">
              <ClockTime at={event.at} />
            </Typography>
            {event.level === 'info' ? (
              <Typography variant="body2" component="span">
                {event.message}
              </Typography>
            ) : (
              <StatusLabel tone={TONES[event.level]} text={event.message} />
            )}
          </Box>
        ))}
      </Paper>
    </Box>
  );
}
