import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** The page with the tabs Meshes, Sidecars and Upgrades. @public */
export const rootRouteRef = createRouteRef({ id: 'mesh-upgrade' });

/** One mesh. @public */
export const meshRouteRef = createSubRouteRef({
  id: 'mesh-upgrade/mesh',
  parent: rootRouteRef,
  path: '/meshes/:id',
});

/** The wizard that upgrades a mesh. @public */
export const meshUpgradeRouteRef = createSubRouteRef({
  id: 'mesh-upgrade/mesh-upgrade',
  parent: rootRouteRef,
  path: '/meshes/:id/upgrade',
});

/** The environment check of a mesh, without an upgrade. @public */
export const meshCheckRouteRef = createSubRouteRef({
  id: 'mesh-upgrade/mesh-check',
  parent: rootRouteRef,
  path: '/meshes/:id/check',
});

/** The removal of what earlier revisions of a mesh left behind. @public */
export const meshLeftoversRouteRef = createSubRouteRef({
  id: 'mesh-upgrade/mesh-leftovers',
  parent: rootRouteRef,
  path: '/meshes/:id/leftovers',
});

/** The table of all sidecars. @public */
export const sidecarsRouteRef = createSubRouteRef({
  id: 'mesh-upgrade/sidecars',
  parent: rootRouteRef,
  path: '/sidecars',
});

/** The wizard that upgrades sidecars. @public */
export const sidecarUpgradeRouteRef = createSubRouteRef({
  id: 'mesh-upgrade/sidecar-upgrade',
  parent: rootRouteRef,
  path: '/sidecars/upgrade',
});

/** The history of upgrades. @public */
export const runsRouteRef = createSubRouteRef({
  id: 'mesh-upgrade/runs',
  parent: rootRouteRef,
  path: '/runs',
});

/** One upgrade. @public */
export const runRouteRef = createSubRouteRef({
  id: 'mesh-upgrade/run',
  parent: rootRouteRef,
  path: '/runs/:id',
});
