import type {
  AuditorService,
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import type {
  CheckReport,
  RunView,
  StartRunRequest,
  UpgradePlan,
  UpgradeSubject,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Request } from 'express';
import { withAudit } from '../activity/withAudit';
import type { CheckOptions, CheckRunner } from '../checks/types';
import type { InventoriedMesh, Inventory } from '../inventory/types';
import type { UpgradeService } from '../upgrades/types';
import type { Authorizer } from './Authorizer';
import { principalRef } from './principalRef';

type Credentials = BackstageCredentials<
  BackstageUserPrincipal | BackstageServicePrincipal
>;

/** Of what was selected, the audit names so many. */
const MOST_NAMED = 100;

/** What every call carries: who asks, and the request for the audit. */
export interface Caller {
  credentials: Credentials;
  request: Request;
}

/**
 * The upgrades room behind permissions and audit. Every door (HTTP today)
 * goes through here, so that none can forget either.
 */
export class AuthorizedUpgrades {
  readonly #options: {
    upgrades: UpgradeService;
    checks: CheckRunner;
    inventory: Inventory;
    authorizer: Authorizer;
    auditor: AuditorService;
  };

  static create(options: {
    upgrades: UpgradeService;
    checks: CheckRunner;
    inventory: Inventory;
    authorizer: Authorizer;
    auditor: AuditorService;
  }): AuthorizedUpgrades {
    return new AuthorizedUpgrades(options);
  }

  private constructor(options: {
    upgrades: UpgradeService;
    checks: CheckRunner;
    inventory: Inventory;
    authorizer: Authorizer;
    auditor: AuditorService;
  }) {
    this.#options = options;
  }

  async check(
    subject: UpgradeSubject,
    caller: Caller,
    options?: CheckOptions,
  ): Promise<CheckReport> {
    await this.#requireRead(subject, caller.credentials);
    const { checks } = this.#options;
    switch (subject.kind) {
      case 'mesh':
        return checks.checkMesh(
          await this.#mesh(subject.meshId),
          subject.targetVersion,
          { ...options, returning: subject.returnOf !== undefined },
        );
      case 'leftovers':
        return checks.checkLeftovers(
          await this.#mesh(subject.meshId),
          subject.leftovers,
          options,
        );
      default:
        return checks.checkSidecars(
          await this.#workloads(subject.workloads),
          options,
        );
    }
  }

  async plan(subject: UpgradeSubject, caller: Caller): Promise<UpgradePlan> {
    await this.#requireRead(subject, caller.credentials);
    return this.#options.upgrades.plan(subject);
  }

  async start(request: StartRunRequest, caller: Caller): Promise<RunView> {
    const { auditor, upgrades } = this.#options;
    return withAudit(
      auditor,
      {
        eventId: 'run-start',
        severityLevel: 'medium',
        request: caller.request,
        meta: {
          actionType: request.kind,
          ...subjectMeta(request),
          consents: request.consents ?? [],
          startAt: request.startAt,
          retryOf: request.retryOf,
        },
      },
      async () => {
        await this.#requireUpgrade(request, caller.credentials);
        return upgrades.start(request, {
          startedBy: principalRef(caller.credentials),
        });
      },
      run => ({ runId: run.id, planHash: run.planHash }),
    );
  }

  async stop(runId: string, caller: Caller): Promise<RunView> {
    return this.#control('stop', runId, caller, stoppedBy =>
      this.#options.upgrades.stop(runId, { stoppedBy }),
    );
  }

  async pause(runId: string, caller: Caller): Promise<RunView> {
    return this.#control('pause', runId, caller, pausedBy =>
      this.#options.upgrades.pause(runId, { pausedBy }),
    );
  }

  async resume(runId: string, caller: Caller): Promise<RunView> {
    return this.#control('resume', runId, caller, resumedBy =>
      this.#options.upgrades.resume(runId, { resumedBy }),
    );
  }

  async approve(runId: string, caller: Caller): Promise<RunView> {
    return this.#decide('approve', runId, caller, approvedBy =>
      this.#options.upgrades.approve(runId, { approvedBy }),
    );
  }

  async reject(
    runId: string,
    rejection: { reason?: string },
    caller: Caller,
  ): Promise<RunView> {
    return this.#decide('reject', runId, caller, rejectedBy =>
      this.#options.upgrades.reject(runId, { ...rejection, rejectedBy }),
    );
  }

  async #control(
    verb: 'stop' | 'pause' | 'resume',
    runId: string,
    caller: Caller,
    act: (user: string) => Promise<RunView>,
  ): Promise<RunView> {
    const { upgrades, authorizer } = this.#options;
    return this.#audited(verb, runId, caller, async user => {
      const run = await upgrades.run(runId);
      if (!run) {
        throw new NotFoundError(`There is no run '${runId}'`);
      }
      await authorizer.requireRunControl(run, user, caller.credentials);
      return act(user);
    });
  }

  async #decide(
    verb: 'approve' | 'reject',
    runId: string,
    caller: Caller,
    act: (user: string) => Promise<RunView>,
  ): Promise<RunView> {
    const { authorizer } = this.#options;
    return this.#audited(verb, runId, caller, async user => {
      await authorizer.requireRunApproval(caller.credentials);
      return act(user);
    });
  }

  #audited(
    verb: string,
    runId: string,
    caller: Caller,
    act: (user: string) => Promise<RunView>,
  ): Promise<RunView> {
    return withAudit(
      this.#options.auditor,
      {
        eventId: `run-${verb}`,
        severityLevel: 'medium',
        request: caller.request,
        meta: { runId },
      },
      () => act(principalRef(caller.credentials)),
    );
  }

  async #requireRead(
    subject: UpgradeSubject,
    credentials: Credentials,
  ): Promise<void> {
    const { authorizer } = this.#options;
    if (subject.kind !== 'sidecars') {
      await authorizer.requireMeshRead(credentials);
      return;
    }
    for (const workload of await this.#workloads(subject.workloads)) {
      await authorizer.requireWorkloadRead(workload, credentials);
    }
  }

  async #requireUpgrade(
    subject: UpgradeSubject,
    credentials: Credentials,
  ): Promise<void> {
    const { authorizer } = this.#options;
    if (subject.kind !== 'sidecars') {
      await authorizer.requireMeshUpgrade(credentials);
      return;
    }
    await authorizer.requireWorkloadUpgrade(
      await this.#workloads(subject.workloads),
      credentials,
    );
  }

  async #mesh(id: string): Promise<InventoriedMesh> {
    const mesh = await this.#options.inventory.mesh(id);
    if (!mesh) {
      throw new InputError(`'meshId' names no known mesh: '${id}'`);
    }
    return mesh;
  }

  async #workloads(ids: string[]): Promise<WorkloadDetail[]> {
    if (ids.length === 0) {
      throw new InputError(
        `'workloads' must not be empty: nothing selected is nothing done`,
      );
    }
    const workloads = await this.#options.inventory.workloadsById(ids);
    const known = new Set(workloads.map(({ id }) => id));
    const unknown = ids.filter(id => !known.has(id));
    if (unknown.length > 0) {
      throw new InputError(
        `'workloads' names unknown workloads: ${unknown.join(', ')}`,
      );
    }
    return workloads;
  }
}

function subjectMeta(subject: UpgradeSubject) {
  switch (subject.kind) {
    case 'mesh':
      return { meshId: subject.meshId, targetVersion: subject.targetVersion };
    case 'leftovers':
      return {
        meshId: subject.meshId,
        leftovers: subject.leftovers.slice(0, MOST_NAMED),
      };
    default:
      return { workloads: subject.workloads.slice(0, MOST_NAMED) };
  }
}
