import type {
  BackstageCredentials,
  BackstageUserPrincipal,
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
  runApprovePermission,
  runControlPermission,
  workloadReadPermission,
  workloadUpgradePermission,
  type WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { WorkloadVisibility } from '../inventory/types';
import { RecentDecisions } from './RecentDecisions';

/** Every request of a page asks whether meshes may be read. */
const READING_HOLDS_MS = 5_000;

/**
 * Every question this plugin asks the permission framework. A workload is
 * decided on the entities that own it; one without an owner belongs to whoever
 * may read or upgrade meshes.
 */
export class Authorizer {
  readonly #permissions: PermissionsService;
  readonly #reading = RecentDecisions.create({ holdMs: READING_HOLDS_MS });

  static create(options: { permissions: PermissionsService }): Authorizer {
    return new Authorizer(options.permissions);
  }

  private constructor(permissions: PermissionsService) {
    this.#permissions = permissions;
  }

  async requireMeshRead(credentials: BackstageCredentials): Promise<void> {
    if (!(await this.#allowsReading(credentials))) {
      throw notGranted(meshReadPermission);
    }
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

  async requireRunApproval(credentials: BackstageCredentials): Promise<void> {
    await this.#require(runApprovePermission, credentials);
  }

  /**
   * What of the workload list the user may see: undefined for all of it.
   * `owners` answers the refs that own any workload; it is asked only when they matter.
   */
  async workloadVisibility(
    owners: () => Promise<string[]>,
    credentials: BackstageCredentials,
  ): Promise<WorkloadVisibility | undefined> {
    if (await this.#allowsReading(credentials)) {
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
      throw notGranted(permission);
    }
  }

  /** Of a user only what was decided lately may do; whatever changes something is always asked anew. */
  async #allowsReading(credentials: BackstageCredentials): Promise<boolean> {
    const ask = () => this.#allows(meshReadPermission, credentials);
    const user = userOf(credentials);
    return user === undefined ? ask() : this.#reading.decide(user, ask);
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

function notGranted({ name }: BasicPermission): NotAllowedError {
  return new NotAllowedError(`'${name}' is not granted`);
}

/** Undefined for services: their tokens of one name may have different limits. */
function userOf({ principal }: BackstageCredentials): string | undefined {
  const { type, userEntityRef } = principal as Partial<BackstageUserPrincipal>;
  return type === 'user' ? userEntityRef : undefined;
}
