import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import type { RunSummary } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { runRouteRef } from '../../routes';
import { Person, ProgressLine, RelativeTime } from '../widgets';
import { runTitle } from '../runs/runWords';

/** The upgrade that a mesh is in: what, how far, who started it. */
export function RunningUpgrade(props: { run: RunSummary }) {
  const { run } = props;
  const t = useMessages();
  const runLink = useRouteRef(runRouteRef);
  return (
    <Box>
      <Box display="flex" justifyContent="space-between">
        <Typography variant="subtitle2">
          <Link to={runLink({ id: run.id })}>{runTitle(run, t)}</Link>
        </Typography>
      </Box>
      <ProgressLine
        label={t('run.progress')}
        done={run.progress.done}
        total={run.progress.total}
      />
      <Typography variant="body2">
        {t('run.startedBy')} <Person entityRef={run.startedBy} />{' '}
        <RelativeTime at={run.startedAt ?? run.createdAt} />
      </Typography>
      {run.message && <Typography variant="body2">{run.message}</Typography>}
    </Box>
  );
}
