import { createPermission } from '@backstage/plugin-permission-common';

/** Resource type of the catalog: workload permissions are decided on the entities that own a workload. */
export const CATALOG_ENTITY_RESOURCE_TYPE = 'catalog-entity';

/** See meshes, clusters, control planes, versions, checks and mesh upgrade runs. @public */
export const meshReadPermission = createPermission({
  name: 'mesh-upgrade.mesh.read',
  attributes: { action: 'read' },
});

/** Start the upgrade of a control plane. @public */
export const meshUpgradePermission = createPermission({
  name: 'mesh-upgrade.mesh.upgrade',
  attributes: { action: 'update' },
});

/** See the workloads and sidecars that an entity owns. @public */
export const workloadReadPermission = createPermission({
  name: 'mesh-upgrade.workload.read',
  attributes: { action: 'read' },
  resourceType: CATALOG_ENTITY_RESOURCE_TYPE,
});

/** Upgrade the sidecars of the workloads that an entity owns. @public */
export const workloadUpgradePermission = createPermission({
  name: 'mesh-upgrade.workload.upgrade',
  attributes: { action: 'update' },
  resourceType: CATALOG_ENTITY_RESOURCE_TYPE,
});

/** Stop, pause or resume a run that somebody else started. @public */
export const runControlPermission = createPermission({
  name: 'mesh-upgrade.run.control',
  attributes: { action: 'update' },
});

/** Approve or reject a run that somebody else started. @public */
export const runApprovePermission = createPermission({
  name: 'mesh-upgrade.run.approve',
  attributes: { action: 'update' },
});

/** Every permission this plugin asks for. @public */
export const meshUpgradePermissions = [
  meshReadPermission,
  meshUpgradePermission,
  workloadReadPermission,
  workloadUpgradePermission,
  runControlPermission,
  runApprovePermission,
];
