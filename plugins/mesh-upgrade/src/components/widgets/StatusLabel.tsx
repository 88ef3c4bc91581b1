import type { ReactNode } from 'react';
import CircularProgress from '@material-ui/core/CircularProgress';
import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import { makeStyles, type Theme } from '@material-ui/core/styles';
import CheckCircle from '@material-ui/icons/CheckCircle';
import ErrorOutline from '@material-ui/icons/ErrorOutline';
import Info from '@material-ui/icons/Info';
import Help from '@material-ui/icons/Help';
import Report from '@material-ui/icons/Report';
import Schedule from '@material-ui/icons/Schedule';
import Stop from '@material-ui/icons/Stop';
import Warning from '@material-ui/icons/Warning';

/** One vocabulary for every state of the product. */
export type Tone =
  | 'good'
  | 'upgrade'
  | 'progress'
  | 'waiting'
  | 'note'
  | 'warning'
  | 'bad'
  | 'stopped'
  | 'unknown';

const ICONS: Record<Exclude<Tone, 'progress'>, typeof CheckCircle> = {
  good: CheckCircle,
  upgrade: ErrorOutline,
  waiting: Schedule,
  note: Info,
  warning: Warning,
  bad: Report,
  stopped: Stop,
  unknown: Help,
};

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'flex-start',
    verticalAlign: 'middle',
  },
  // Level with the first line, however many follow.
  icon: {
    flexShrink: 0,
    marginTop: '0.12em',
    marginRight: theme.spacing(0.75),
    fontSize: '1.15em',
  },
  good: { color: shade(theme, 'success') },
  upgrade: { color: shade(theme, 'primary') },
  progress: { color: shade(theme, 'primary') },
  waiting: { color: shade(theme, 'info') },
  note: { color: shade(theme, 'info') },
  warning: { color: shade(theme, 'warning') },
  bad: { color: shade(theme, 'error') },
  stopped: { color: theme.palette.text.secondary },
  unknown: { color: theme.palette.text.secondary },
}));

/** The plain colours are too pale for small text on white and too dark on black. */
function shade(
  theme: Theme,
  colour: 'success' | 'primary' | 'info' | 'warning' | 'error',
): string {
  const { dark, light } = theme.palette[colour];
  return theme.palette.type === 'dark' ? light : dark;
}

/** Icon, word and colour of a state; `detail` is shown on hover and focus. */
export function StatusLabel(props: {
  tone: Tone;
  text: ReactNode;
  detail?: string;
}) {
  const { tone, text, detail } = props;
  const classes = useStyles();
  const label = (
    <Typography
      component="span"
      variant="body2"
      className={`${classes.root} ${classes[tone]}`}
      tabIndex={detail ? 0 : undefined}
    >
      <ToneIcon tone={tone} className={classes.icon} />
      <span>{text}</span>
    </Typography>
  );
  return detail ? <Tooltip title={detail}>{label}</Tooltip> : label;
}

function ToneIcon(props: { tone: Tone; className: string }) {
  if (props.tone === 'progress') {
    return (
      <CircularProgress
        aria-hidden
        size="1em"
        thickness={6}
        color="inherit"
        className={props.className}
      />
    );
  }
  const Icon = ICONS[props.tone];
  return <Icon aria-hidden className={props.className} />;
}
