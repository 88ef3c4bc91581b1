import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@material-ui/core/Box';
import Typography from '@material-ui/core/Typography';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { meshCheckRouteRef } from '../../routes';
import {
  CopyButton,
  GuardedButton,
  StatusLabel,
  SupportLabel,
} from '../widgets';
import { LockedMesh } from './LockedMesh';
import { MeshUpgradeButton } from './MeshUpgradeButton';
import { MeshVersion } from './MeshVersion';
import { VersionsProblem } from './VersionsProblem';
import { meshStatusText, meshTone } from './meshSituation';

/** What a mesh is, how it is, and what can be done with it. */
export function MeshHeader(props: { mesh: MeshView }) {
  const { mesh } = props;
  const t = useMessages();
  const checkLink = useRouteRef(meshCheckRouteRef);
  return (
    <>
      <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={16}>
        <Box display="flex" alignItems="center">
          <Typography variant="h4" component="h2">
            {mesh.name}
          </Typography>
          <CopyButton text={mesh.id} />
        </Box>
        <StatusLabel tone={meshTone(mesh)} text={meshStatusText(mesh, t)} />
        <MeshVersion mesh={mesh} />
        <SupportLabel support={mesh.support} />
        <Box flexGrow={1} />
        <GuardedButton size="medium" to={checkLink({ id: mesh.id })}>
          {t('action.check')}
        </GuardedButton>
        <MeshUpgradeButton mesh={mesh} size="medium" />
      </Box>
      {mesh.status !== 'running' &&
        mesh.reasons.map(reason => (
          <Typography key={reason}>{reason}</Typography>
        ))}
      <VersionsProblem mesh={mesh} whole />
      <LockedMesh mesh={mesh} />
    </>
  );
}
