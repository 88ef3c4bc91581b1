import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  RunStepView,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import {
  durationText,
  Elapsed,
  Instruction,
  ProgressLine,
  StatusLabel,
} from '../widgets';
import { STEP_TONES } from './runWords';

const useStyles = makeStyles(theme => ({
  step: {
    display: 'grid',
    gridTemplateColumns:
      'minmax(120px, 3fr) 100px 96px minmax(110px, 2fr) minmax(0, 7fr)',
    gap: theme.spacing(0.5, 2),
    alignItems: 'start',
    padding: theme.spacing(0.5, 0),
    '& > *': { minWidth: 0, overflowWrap: 'anywhere' },
    '@media (max-width: 1000px)': {
      gridTemplateColumns: 'minmax(0, 3fr) 100px 96px minmax(110px, 2fr)',
    },
  },
  message: {
    '@media (max-width: 1000px)': { gridColumn: '1 / -1' },
  },
}));

/** One component of a cluster: how far it is, for how long, and what it says. */
export function TimelineStep(props: { step: RunStepView; run: RunView }) {
  const { step, run } = props;
  const { startedAt, endedAt, progress, usualSeconds } = step;
  const classes = useStyles();
  const t = useMessages();
  const usual =
    usualSeconds !== undefined &&
    Math.round(usualSeconds) > 0 &&
    t('run.usually', { duration: durationText(usualSeconds, t) });
  // The box at the top of the page says it already, with the lines to copy.
  const toldAbove = run.waitsFor?.message.endsWith(step.message);
  return (
    <li className={classes.step}>
      <Typography variant="body2">{step.title}</Typography>
      <StatusLabel
        tone={STEP_TONES[step.state]}
        text={t(`run.stepState.${step.state}`)}
      />
      <div>{progress && <ProgressLine label={step.title} {...progress} />}</div>
      <Typography variant="body2" component="div" color="textSecondary">
        {startedAt && <Elapsed from={startedAt} to={endedAt} />}
        {usual && (startedAt ? ` (${usual})` : usual)}
      </Typography>
      <Typography
        variant="body2"
        component="div"
        color="textSecondary"
        className={classes.message}
      >
        {!toldAbove && <Instruction text={step.message} />}
      </Typography>
    </li>
  );
}
