import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { MeshCheck, SidecarCheck } from './checks';

/**
 * Adds environment checks of one's own, e.g. that a change freeze is not on.
 * Their findings count like those of the product.
 *
 * @public
 */
export interface ChecksExtensionPoint {
  /** @throws ConflictError when a check of that id is there already */
  addMeshCheck(...checks: MeshCheck[]): void;
  /** @throws ConflictError when a check of that id is there already */
  addSidecarCheck(...checks: SidecarCheck[]): void;
}

/** @public */
export const meshUpgradeChecksExtensionPoint =
  createExtensionPoint<ChecksExtensionPoint>({ id: 'mesh-upgrade.checks' });
