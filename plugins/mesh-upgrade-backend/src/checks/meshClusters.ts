import type { InventoriedMesh } from '../inventory/types';

/** Names of every cluster of a mesh, those that only hold a control plane included. */
export function meshClusters(mesh: InventoriedMesh): string[] {
  return [
    ...new Set(
      mesh.clusters.flatMap(({ cluster, controlPlanes }) => [
        cluster,
        ...controlPlanes.map(controlPlane => controlPlane.cluster),
      ]),
    ),
  ];
}
