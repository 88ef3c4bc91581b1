import type { MeshClusterView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';

/**
 * Every cluster of a mesh with the control planes that run in it. A cluster
 * that only holds the control plane of others is one of them.
 */
export function meshClusters(
  mesh: InventoriedMesh,
  registry: ClusterRegistry,
): MeshClusterView[] {
  const controlPlanes = mesh.clusters.flatMap(each => each.controlPlanes);
  const known = new Set(mesh.clusters.map(({ cluster }) => cluster));
  const more = new Set(
    controlPlanes
      .map(({ cluster }) => cluster)
      .filter(cluster => !known.has(cluster)),
  );
  return [
    ...mesh.clusters,
    ...[...more].map(
      (cluster): MeshClusterView => ({
        cluster,
        mode: registry.get(cluster)?.mode ?? 'read',
        role: 'primary',
        health: { state: 'connecting', since: new Date(0).toISOString() },
        controlPlanes: [],
      }),
    ),
  ].map(each => ({
    ...each,
    controlPlanes: controlPlanes.filter(
      ({ cluster }) => cluster === each.cluster,
    ),
  }));
}
