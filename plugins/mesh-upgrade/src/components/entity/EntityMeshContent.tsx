import { useEntity } from '@backstage/plugin-catalog-react';
import { MESH_ANNOTATION } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useMessages } from '../../hooks';
import { FleetProvider } from '../fleet';
import { MeshPanel } from '../meshes';
import { Invitation } from '../widgets';

/** The page of the mesh that a Resource stands for. */
export function EntityMeshContent() {
  const t = useMessages();
  const { entity } = useEntity();
  const id = entity.metadata.annotations?.[MESH_ANNOTATION];
  return id ? (
    <FleetProvider>
      <MeshPanel key={id} id={id} />
    </FleetProvider>
  ) : (
    <Invitation title={t('entity.noMesh', { annotation: MESH_ANNOTATION })} />
  );
}
