import { useState } from 'react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import ExpandLess from '@material-ui/icons/ExpandLess';
import ExpandMore from '@material-ui/icons/ExpandMore';
import type {
  RunPhase,
  RunStepView,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages, type Messages } from '../../hooks';
import { ProgressLine, StatusLabel } from '../widgets';
import { clustersOf, phaseState, waitsForClusters } from './runProgress';
import { isFinal, STEP_TONES } from './runWords';
import { StepStrip } from './StepStrip';
import { TimelineStep } from './TimelineStep';

const PHASES: readonly RunPhase[] = ['upgrade', 'healthCheck'];

const useStyles = makeStyles(theme => ({
  phase: { padding: theme.spacing(2) },
  cluster: {
    marginTop: theme.spacing(2),
    paddingLeft: theme.spacing(2),
    borderLeft: `3px solid ${theme.palette.divider}`,
  },
  steps: { margin: 0, padding: theme.spacing(0.5, 0), listStyle: 'none' },
}));

/** The phases of a run, and in each the clusters with their components, in the order in which they come. */
export function RunTimeline(props: { run: RunView }) {
  const { run } = props;
  return (
    <>
      {PHASES.filter(
        phase =>
          phase === 'upgrade' || run.steps.some(step => step.phase === phase),
      ).map(phase => (
        <Phase key={phase} phase={phase} run={run} />
      ))}
    </>
  );
}

/** What is done is named after the run; the check after it is always one. */
function phaseTitle(phase: RunPhase, run: RunView, t: Messages): string {
  if (run.kind === 'leftovers') {
    return t('run.phase.removal');
  }
  return phase === 'upgrade' && run.returnOf
    ? t('run.phase.return')
    : t(`run.phase.${phase}`);
}

function Phase(props: { phase: RunPhase; run: RunView }) {
  const { phase, run } = props;
  const classes = useStyles();
  const t = useMessages();
  const steps = run.steps.filter(step => step.phase === phase);
  const title = phaseTitle(phase, run, t);
  const state = phaseState(steps);
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-label={title}
      className={classes.phase}
    >
      <Box display="flex" alignItems="center" flexWrap="wrap" gridGap={16}>
        <Typography variant="h6" component="h3" noWrap style={{ margin: 0 }}>
          {title}
        </Typography>
        <StatusLabel
          tone={STEP_TONES[state]}
          text={t(`run.stepState.${state}`)}
        />
        <Box flexGrow={1} maxWidth={280}>
          <ProgressLine
            label={title}
            done={steps.filter(step => step.state === 'succeeded').length}
            total={steps.length}
          />
        </Box>
      </Box>
      {clustersOf(steps).map(cluster => (
        <ClusterSteps
          key={cluster}
          run={run}
          cluster={cluster}
          steps={steps.filter(step => step.cluster === cluster)}
        />
      ))}
    </Paper>
  );
}

function ClusterSteps(props: {
  run: RunView;
  cluster: string;
  steps: RunStepView[];
}) {
  const { run, cluster, steps } = props;
  const classes = useStyles();
  const t = useMessages();
  const [all, setAll] = useState(false);
  const others = isFinal(run) ? [] : waitsForClusters(run, cluster, steps);
  return (
    <Box className={classes.cluster}>
      <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={16}>
        <Typography variant="subtitle2" component="h4">
          {cluster}
        </Typography>
        {others.length > 0 && (
          <Typography variant="body2" color="textSecondary">
            {t('run.waitsForClusters', { clusters: others.join(', ') })}
          </Typography>
        )}
        <Box flexGrow={1} />
        <Button
          size="small"
          aria-expanded={all}
          endIcon={all ? <ExpandLess /> : <ExpandMore />}
          onClick={() => setAll(!all)}
        >
          {t('run.steps')}
        </Button>
      </Box>
      {!all && <StepStrip steps={steps} />}
      <ol className={classes.steps}>
        {(all ? steps : steps.filter(step => speaks(step, run))).map(step => (
          <TimelineStep key={step.id} step={step} run={run} />
        ))}
      </ol>
    </Box>
  );
}

/** What else is done, has not begun or never will has nothing to say that the strip does not. */
function speaks({ state }: RunStepView, run: RunView): boolean {
  return (
    state === 'running' ||
    state === 'failed' ||
    // A proof that could not be made.
    (state === 'skipped' && run.state === 'succeeded')
  );
}
