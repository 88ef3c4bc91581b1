import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useApi } from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import Box from '@material-ui/core/Box';
import Skeleton from '@material-ui/lab/Skeleton';
import { MESH_ANNOTATION } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { MESH_CHANGES, useLive, useMessages } from '../../hooks';
import { meshRouteRef } from '../../routes';
import { MeshFacts } from '../meshes';
import { meshStatusText, meshTone } from '../meshes/meshSituation';
import { FailurePanel, StatusLabel } from '../widgets';

/** The mesh that a Resource entity stands for. */
export function EntityMeshCard() {
  const t = useMessages();
  const { entity } = useEntity();
  const id = entity.metadata.annotations?.[MESH_ANNOTATION];
  return (
    <EntityInfoCard title={t('entity.mesh')}>
      {id ? (
        <LiveMesh key={id} id={id} />
      ) : (
        t('entity.noMesh', { annotation: MESH_ANNOTATION })
      )}
    </EntityInfoCard>
  );
}

function LiveMesh(props: { id: string }) {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const meshLink = useRouteRef(meshRouteRef);
  const mesh = useLive(
    props.id,
    () => api.getMesh(props.id),
    5_000,
    MESH_CHANGES,
  );
  return (
    <>
      {mesh.error && (
        <FailurePanel
          title={t('mesh.failed', { name: props.id })}
          error={mesh.error}
          onRetry={mesh.refresh}
        />
      )}
      {mesh.loading && <Skeleton variant="rect" height={140} />}
      {mesh.value && (
        <Box display="flex" flexDirection="column" gridGap={8}>
          <Box display="flex" gridGap={16}>
            <Link to={meshLink({ id: mesh.value.id })}>{mesh.value.name}</Link>
            <StatusLabel
              tone={meshTone(mesh.value)}
              text={meshStatusText(mesh.value, t)}
            />
          </Box>
          <MeshFacts mesh={mesh.value} />
        </Box>
      )}
    </>
  );
}
