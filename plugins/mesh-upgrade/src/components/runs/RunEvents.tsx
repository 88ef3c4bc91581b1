import { useEffect, useRef, useState } from 'react';
import Box from '@material-ui/core/Box';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  RunEvent,
  RunEventLevel,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { ClockTime, FailurePanel, StatusLabel, type Tone } from '../widgets';
import { EventTools } from './EventTools';
import type { EventLog } from './useEventLog';

const TONES: Record<Exclude<RunEventLevel, 'info'>, Tone> = {
  warning: 'warning',
  error: 'bad',
};
/** A browser gets slow with more; the file holds all. */
const MOST_LINES = 1_000;
/** How near to its end, in pixels, the log counts as scrolled down. */
const NEAR = 24;

const useStyles = makeStyles(theme => ({
  log: {
    marginTop: theme.spacing(1),
    maxHeight: 320,
    overflow: 'auto',
    padding: theme.spacing(1, 2),
    fontFamily: 'monospace',
  },
  line: { display: 'flex', gap: theme.spacing(2), overflowWrap: 'anywhere' },
  fixed: { flexShrink: 0 },
  cluster: { flexShrink: 0, width: 96 },
  message: { minWidth: 0, whiteSpace: 'pre-wrap' },
  output: {
    minWidth: 0,
    whiteSpace: 'pre-wrap',
    fontFamily: 'monospace',
    color: theme.palette.text.secondary,
  },
}));

/** What happened, oldest first; follows the newest line until the reader scrolls up. */
export function RunEvents(props: { run: RunView; log: EventLog }) {
  const { run, log } = props;
  const classes = useStyles();
  const t = useMessages();
  const box = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const lines = log.shown ?? [];
  const hidden = Math.max(0, lines.length - MOST_LINES);

  useEffect(() => {
    if (box.current && follow) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [lines.length, follow]);

  return (
    <Box component="section" aria-label={t('run.events')}>
      <Typography variant="h6" component="h3" gutterBottom>
        {t('run.events')}
      </Typography>
      <EventTools run={run} log={log} follow={follow} onFollow={setFollow} />
      {log.events.error && (
        <FailurePanel
          title={t('run.eventsFailed')}
          error={log.events.error}
          onRetry={log.events.refresh}
        />
      )}
      <Paper
        ref={box}
        variant="outlined"
        className={classes.log}
        role="log"
        tabIndex={0}
        aria-label={t('run.events')}
        onScroll={({ currentTarget }) =>
          setFollow(
            currentTarget.scrollHeight -
              currentTarget.scrollTop -
              currentTarget.clientHeight <
              NEAR,
          )
        }
      >
        {lines.length === 0 && (
          <Typography variant="body2" color="textSecondary">
            {log.events.value?.length ? t('run.noMatch') : t('run.noEvents')}
          </Typography>
        )}
        {hidden > 0 && (
          <Typography variant="body2" color="textSecondary">
            {t('run.earlier', { count: hidden })}
          </Typography>
        )}
        {lines.slice(hidden).map(event => (
          <Box key={event.id} className={classes.line}>
            <Typography
              variant="body2"
              component="span"
              color="textSecondary"
              className={classes.fixed}
            >
              <ClockTime at={event.at} />
            </Typography>
            <Typography
              variant="body2"
              component="span"
              color="textSecondary"
              className={classes.cluster}
            >
              {log.clusterOf(event)}
            </Typography>
            <Message event={event} cluster={log.clusterOf(event)} />
          </Box>
        ))}
      </Paper>
    </Box>
  );
}

function Message(props: { event: RunEvent; cluster?: string }) {
  const { level, output } = props.event;
  const classes = useStyles();
  const message = withoutCluster(props.event.message, props.cluster);
  return level === 'info' || output ? (
    <Typography
      variant="body2"
      component="span"
      className={output ? classes.output : classes.message}
    >
      {message}
    </Typography>
  ) : (
    <StatusLabel
      tone={TONES[level]}
      text={<span className={classes.message}>{message}</span>}
    />
  );
}

/** The cluster stands in a column of its own. */
function withoutCluster(message: string, cluster: string | undefined): string {
  const prefix = `${cluster}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}
