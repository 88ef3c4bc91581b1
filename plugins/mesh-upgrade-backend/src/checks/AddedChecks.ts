import { ConflictError } from '@backstage/errors';
import type {
  ChecksExtensionPoint,
  MeshCheck,
  SidecarCheck,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';

/** Collects the checks that modules add before the backend starts. */
export class AddedChecks implements ChecksExtensionPoint {
  readonly meshChecks: MeshCheck[] = [];
  readonly sidecarChecks: SidecarCheck[] = [];

  addMeshCheck(...checks: MeshCheck[]): void {
    add(this.meshChecks, checks);
  }

  addSidecarCheck(...checks: SidecarCheck[]): void {
    add(this.sidecarChecks, checks);
  }
}

function add<T extends { id: string }>(known: T[], checks: T[]) {
  for (const check of checks) {
    if (known.some(({ id }) => id === check.id)) {
      throw new ConflictError(
        `The check '${check.id}' was added twice; give each check an id of its own`,
      );
    }
    known.push(check);
  }
}
