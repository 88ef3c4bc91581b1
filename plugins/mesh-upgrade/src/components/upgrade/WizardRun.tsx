import Typography from '@material-ui/core/Typography';
import { useMessages } from '../../hooks';
import { RunContent } from '../runs';

/** The last step of a wizard, once it has begun: the run itself. */
export function WizardRun(props: { runId: string }) {
  const t = useMessages();
  return (
    <RunContent
      key={props.runId}
      runId={props.runId}
      meanwhile={
        <Typography variant="body2" color="textSecondary">
          {t('wizard.mayClose')}
        </Typography>
      }
    />
  );
}
