import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import type {
  RunSummary,
  RunView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useLanguage, useLive, useMessages } from '../../hooks';
import { runRouteRef } from '../../routes';
import { runningSteps } from '../runs/runProgress';
import { runMessage, runStateText, runTitle, runTone } from '../runs/runWords';
import { Person, ProgressLine, RelativeTime, StatusLabel } from '../widgets';

/** The upgrade that a mesh is in: what, how far, what it is at now, who started it. */
export function RunningUpgrade(props: { run: RunSummary }) {
  const { run } = props;
  const t = useMessages();
  const locale = useLanguage();
  const api = useApi(meshUpgradeApiRef);
  const runLink = useRouteRef(runRouteRef);
  const details = useLive(run.id, () => api.getRun(run.id), 5_000, ['runs']);
  const newest: RunSummary = details.value ?? run;
  return (
    <Box>
      <Box
        display="flex"
        flexWrap="wrap"
        justifyContent="space-between"
        gridGap={8}
      >
        <Typography variant="subtitle2">
          <Link to={runLink({ id: run.id })}>{runTitle(run, t)}</Link>
        </Typography>
        <StatusLabel tone={runTone(newest)} text={runStateText(newest, t)} />
      </Box>
      <ProgressLine
        label={t('run.progress')}
        done={newest.progress.done}
        total={newest.progress.total}
      />
      {details.value && <StepsNow run={details.value} />}
      <Typography variant="body2">
        {t('run.startedBy')} <Person entityRef={run.startedBy} />{' '}
        <RelativeTime at={run.startedAt ?? run.createdAt} />
      </Typography>
      <Typography variant="body2">{runMessage(newest, t, locale)}</Typography>
    </Box>
  );
}

function StepsNow(props: { run: RunView }) {
  const steps = runningSteps(props.run);
  return (
    <>
      {steps.map(({ id, cluster, title, progress }) => (
        <Typography key={id} variant="body2">
          {`${cluster}: ${title}`}
          {progress && ` ${progress.done}/${progress.total}`}
        </Typography>
      ))}
    </>
  );
}
