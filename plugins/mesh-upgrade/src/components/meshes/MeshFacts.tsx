import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { ClampedText, SupportLabel } from '../widgets';
import { ClusterCount, ComponentsBehind, SidecarCount } from './MeshCounts';
import { MeshUpgradeButton } from './MeshUpgradeButton';
import { installText } from './meshSituation';
import { MeshVersion } from './MeshVersion';
import { RunningUpgrade } from './RunningUpgrade';
import { VersionsProblem } from './VersionsProblem';

/** The lines a mesh card and the card on a mesh's entity share. */
export function MeshFacts(props: { mesh: MeshView }) {
  const { mesh } = props;
  const t = useMessages();
  const unhealthy = mesh.clusters.filter(
    ({ health }) => health.state !== 'healthy',
  );
  return (
    <Box display="flex" flexDirection="column" gridGap={8}>
      {mesh.activeRun ? (
        <RunningUpgrade run={mesh.activeRun} />
      ) : (
        <MeshVersion mesh={mesh} />
      )}
      {mesh.status !== 'running' &&
        mesh.reasons
          .slice(0, 2)
          .map(reason => <ClampedText key={reason} text={reason} />)}
      <SupportLabel support={mesh.support} />
      <VersionsProblem mesh={mesh} />
      <Typography variant="body2">
        <ClusterCount mesh={mesh} /> · <SidecarCount mesh={mesh} />
        {unhealthy.length > 0 &&
          ` (${unhealthy
            .map(
              ({ cluster, health }) =>
                `${cluster}: ${t(`clusters.state.${health.state}`)}`,
            )
            .join(', ')})`}
      </Typography>
      <ComponentsBehind mesh={mesh} />
      <Box
        display="flex"
        alignItems="center"
        justifyContent="space-between"
        gridGap={8}
        flexWrap="wrap"
      >
        <Typography variant="body2" color="textSecondary">
          {`${t(`mesh.type.${mesh.type}`)} · ${installText(mesh, t)}`}
        </Typography>
        {mesh.upgrade && !mesh.activeRun && <MeshUpgradeButton mesh={mesh} />}
      </Box>
    </Box>
  );
}
