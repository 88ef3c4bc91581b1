import Box from '@material-ui/core/Box';
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { useMessages } from '../../hooks';
import { ClusterTrouble, useFleet } from '../fleet';
import { SidecarList } from './SidecarList';

/** The sidecars of all meshes: which of them lag behind. */
export function SidecarsView() {
  const t = useMessages();
  const { meshes } = useFleet();
  const outdated = meshes.value?.reduce(
    (sum, { sidecars }) => sum + sidecars.outdatedWorkloads,
    0,
  );
  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      {outdated !== undefined && (
        <Typography variant="subtitle1" component="p">
          {outdated > 0 ? (
            <Link to="?outdated=true">
              {t('workloads.outdated', { count: outdated })}
            </Link>
          ) : (
            t('workloads.noneBehind')
          )}
        </Typography>
      )}
      <ClusterTrouble quiet />
      <SidecarList scope={{}} emptyText={t('workloads.noneText')} />
    </Box>
  );
}
