import Box from '@material-ui/core/Box';
import type { RunStepView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { StatusLabel } from '../widgets';
import { STEP_TONES } from './runWords';

/** The components of a cluster in a line: each with its state and how far it is; more on hover and focus. */
export function StepStrip(props: { steps: RunStepView[] }) {
  const t = useMessages();
  return (
    <Box display="flex" flexWrap="wrap" gridColumnGap={24} gridRowGap={4}>
      {props.steps.map(({ id, state, title, progress, message }) => (
        <StatusLabel
          key={id}
          tone={STEP_TONES[state]}
          text={
            progress ? `${title} ${progress.done}/${progress.total}` : title
          }
          detail={[t(`run.stepState.${state}`), message]
            .filter(Boolean)
            .join(': ')}
        />
      ))}
    </Box>
  );
}
