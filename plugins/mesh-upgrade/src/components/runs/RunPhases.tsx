import Box from '@material-ui/core/Box';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type {
  RunPhase,
  RunStepView,
  RunView,
  StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { ProgressLine, StatusLabel } from '../widgets';
import { STEP_TONES } from './runWords';

const PHASES: readonly RunPhase[] = ['upgrade', 'healthCheck'];

/** The two phases of a mesh upgrade, each per cluster and component. */
export function RunPhases(props: { run: RunView }) {
  return (
    <>
      {PHASES.map(phase => (
        <Phase
          key={phase}
          phase={phase}
          steps={props.run.steps.filter(step => step.phase === phase)}
        />
      ))}
    </>
  );
}

function Phase(props: { phase: RunPhase; steps: RunStepView[] }) {
  const { phase, steps } = props;
  const t = useMessages();
  const title = t(`run.phase.${phase}`);
  const state = stateOf(steps);
  const clusters = [...new Set(steps.map(({ cluster }) => cluster))];
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-label={title}
      style={{ padding: 16 }}
    >
      <Box display="flex" alignItems="center" gridGap={16}>
        <Typography variant="h6" component="h3" noWrap>
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
      {clusters.map(cluster => (
        <Box key={cluster} display="flex" gridGap={16} mt={1}>
          <Box width={120} flexShrink={0}>
            <Typography variant="subtitle2">{cluster}</Typography>
          </Box>
          <Box flexGrow={1}>
            {steps
              .filter(step => step.cluster === cluster)
              .map(step => (
                <Step key={step.id} step={step} />
              ))}
          </Box>
        </Box>
      ))}
    </Paper>
  );
}

function Step(props: { step: RunStepView }) {
  const { step } = props;
  const t = useMessages();
  return (
    <Box display="flex" gridGap={16} alignItems="baseline" flexWrap="wrap">
      <Box width={180}>
        <Typography variant="body2">{step.title}</Typography>
      </Box>
      <Box width={100}>
        <StatusLabel
          tone={STEP_TONES[step.state]}
          text={t(`run.stepState.${step.state}`)}
        />
      </Box>
      <Box width={40}>
        {step.progress && (
          <Typography variant="body2">
            {`${step.progress.done}/${step.progress.total}`}
          </Typography>
        )}
      </Box>
      <Box flex="1 1 320px">
        <Typography variant="body2" color="textSecondary">
          {step.message}
        </Typography>
      </Box>
    </Box>
  );
}

/** A phase is as bad as its worst step; it has not begun while all of its steps wait. */
function stateOf(steps: RunStepView[]): StepState {
  const has = (state: StepState) => steps.some(step => step.state === state);
  const all = (state: StepState) => steps.every(step => step.state === state);
  if (has('failed')) {
    return 'failed';
  }
  if (steps.length === 0 || all('pending')) {
    return 'pending';
  }
  if (all('succeeded')) {
    return 'succeeded';
  }
  return has('running') || has('pending') ? 'running' : 'skipped';
}
