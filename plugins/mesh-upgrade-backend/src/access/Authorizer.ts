import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  meshReadPermission,
  meshUpgradePermission,
  runControlPermission,
  workloadReadPermission,
  workloadUpgradePermission,
  type WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { WorkloadVisibility } from '../inventory/types';

/**
 * Every question this plugin asks the permission framework. A workload is
 * decided on the entities that own it; one without an owner belongs to whoever
 * may read or upgrade meshes.
 */
export class Authorizer {
  readonly #permissions: PermissionsService;

  static create(options: { permissions: PermissionsService }): Authorizer {
    return new Authorizer(options.permissions);
  }

  private constructor(permissions: PermissionsService) {
    this.#permissions = permissions;
  }

  async requireMeshRead(credentials: BackstageCredentials): Promise<void> {
    await this.#require(meshReadPermission, credentials);
  }

  async requireMeshUpgrade(credentials: BackstageCredentials): Promise<void> {
    await this.#require(meshUpgradePermission, credentials);
  }

  /** Who started a run may stop it; anybody else needs the permission. */
  async requireRunControl(
    run: { startedBy: string },
    user: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (run.startedBy !== user) {
      await this.#require(runControlPermission, credentials);
    }
  }

  /**
   * What of the workload list the user may see: undefined for all of it.
   * `owners` answers the refs that own any workload; it is asked only when they matter.
   */
  async workloadVisibility(
    owners: () => Promise<string[]>,
    credentials: BackstageCredentials,
  ): Promise<WorkloadVisibility | undefined> {
    if (await this.#allows(meshReadPermission, credentials)) {
      return undefined;
    }
    const visible = await this.#allowedOwners(
      workloadReadPermission,
      await owners(),
      credentials,
    );
    if (visible.length === 0) {
      throw new NotAllowedError(
        `Neither '${meshReadPermission.name}' nor '${workloadReadPermission.name}' on an owned entity is granted`,
      );
    }
    return { owners: visible };
  }

  async requireWorkloadRead(
    workload: Pick<WorkloadView, 'owners'>,
    credentials: BackstageCredentials,
  ): Promise<void> {
    await this.workloadVisibility(async () => workload.owners, credentials);
  }

  /** Refuses the whole selection, naming each workload that is not allowed. */
  async requireWorkloadUpgrade(
    workloads: Pick<WorkloadView, 'id' | 'owners'>[],
    credentials: BackstageCredentials,
  ): Promise<void> {
    const owners = [...new Set(workloads.flatMap(({ owners: own }) => own))];
    const [allowed, maintainsMeshes] = await Promise.all([
      this.#allowedOwners(workloadUpgradePermission, owners, credentials),
      this.#allows(meshUpgradePermission, credentials),
    ]);
    const denied = workloads.filter(workload =>
      workload.owners.length === 0
        ? !maintainsMeshes
        : !workload.owners.some(owner => allowed.includes(owner)),
    );
    if (denied.length > 0) {
      const names = denied
        .map(
          ({ id, owners: own }) =>
            `'${id}' (owned by ${own.join(', ') || 'nobody'})`,
        )
        .join(', ');
      throw new NotAllowedError(
        `'${workloadUpgradePermission.name}' is not granted for ${names}`,
      );
    }
  }

  async #require(
    permission: BasicPermission,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!(await this.#allows(permission, credentials))) {
      throw new NotAllowedError(`'${permission.name}' is not granted`);
    }
  }

  async #allows(
    permission: BasicPermission,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials,
    });
    return decision.result === AuthorizeResult.ALLOW;
  }

  async #allowedOwners(
    permission: ResourcePermission,
    owners: string[],
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    if (owners.length === 0) {
      return [];
    }
    const decisions = await this.#permissions.authorize(
      owners.map(resourceRef => ({ permission, resourceRef })),
      { credentials },
    );
    return owners.filter(
      (_, index) => decisions[index].result === AuthorizeResult.ALLOW,
    );
  }
}
