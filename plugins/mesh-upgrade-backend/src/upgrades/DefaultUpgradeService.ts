import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type {
  CheckReport,
  LastUpgrade,
  RunEvent,
  RunSummary,
  RunView,
  StartRunRequest,
  UpgradePlan,
  UpgradeSubject,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { randomUUID } from 'node:crypto';
import type { CheckRunner } from '../checks/types';
import type { ClusterRegistry } from '../clusters/types';
import type { InventoriedMesh, Inventory } from '../inventory/types';
import { assertChecked, consentMessage } from './assertChecked';
import type { ControlPlaneDriver } from './drivers/types';
import { isKubernetesError } from './engine/stepFailure';
import { assertMode } from './kubernetes/clientFor';
import { assertMesh, planMesh } from './plans/planMesh';
import { planSidecars } from './plans/planSidecars';
import type { DraftRun } from './plans/types';
import { runView } from './runView';
import { PlanChangedError } from './store/errors';
import type { RunLock, RunStore } from './store/RunStore';
import { moveRun } from './transitions';
import type { UpgradeService } from './types';

/** The rules about versions, as the upgrades room needs them. */
export interface TargetRules {
  /** A sentence why a version may not be upgraded to; undefined when it may. */
  refuse(
    mesh: InventoriedMesh,
    targetVersion: string,
  ): Promise<string | undefined>;
}

export interface DefaultUpgradeServiceOptions {
  clusters: ClusterRegistry;
  inventory: Inventory;
  checks: CheckRunner;
  targets: TargetRules;
  drivers: ControlPlaneDriver[];
  store: RunStore;
  /** Called when there is work for the engine. */
  poke(): void;
}

/** What a request is about, as the inventory knows it. */
type Selection =
  | { kind: 'mesh'; mesh: InventoriedMesh; targetVersion: string }
  | { kind: 'sidecars'; workloads: WorkloadDetail[] };

const PLAN_TIMEOUT_MS = 30_000;
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

/** Plans, starts, stops and shows runs. */
export class DefaultUpgradeService implements UpgradeService {
  readonly #options: DefaultUpgradeServiceOptions;

  static create(options: DefaultUpgradeServiceOptions): DefaultUpgradeService {
    return new DefaultUpgradeService(options);
  }

  private constructor(options: DefaultUpgradeServiceOptions) {
    this.#options = options;
  }

  async plan(subject: UpgradeSubject): Promise<UpgradePlan> {
    const { draft } = await this.#draft(subject);
    return draft.plan;
  }

  async start(
    request: StartRunRequest,
    { startedBy }: { startedBy: string },
  ): Promise<RunView> {
    const { draft, selection, locks } = await this.#draft(request);
    const { plan, steps } = draft;
    if (plan.hash !== request.planHash) {
      throw new PlanChangedError(
        'The clusters have changed since this plan was made; look at the new plan and start again',
        plan,
      );
    }
    const needed = plan.kind === 'sidecars' ? 'restart' : 'full';
    for (const cluster of new Set(plan.changes.map(c => c.cluster))) {
      assertMode(this.#options.clusters, cluster, needed);
    }
    const consented = assertChecked(
      await this.#check(selection, steps),
      request.consents ?? [],
    );
    const id = randomUUID();
    await this.#options.store.create(
      {
        id,
        kind: plan.kind,
        meshId: plan.meshId,
        fromVersion: plan.fromVersion,
        targetVersion: plan.targetVersion,
        startedBy,
        plan,
        steps: steps.map((step, index) => ({
          ...step,
          id: String(index + 1),
          state: 'pending',
          message: '',
          track: { acts: 0, errors: 0 },
        })),
      },
      locks,
      consented.map(finding => ({
        level: 'info',
        message: consentMessage(finding, startedBy),
      })),
    );
    this.#options.poke();
    return this.#view(id);
  }

  async stop(
    runId: string,
    { stoppedBy }: { stoppedBy: string },
  ): Promise<RunView> {
    moveRun(await this.#view(runId), 'stopping');
    await this.#options.store.requestStop(runId, stoppedBy);
    this.#options.poke();
    return this.#view(runId);
  }

  async pause(
    runId: string,
    { pausedBy }: { pausedBy: string },
  ): Promise<RunView> {
    moveRun(await this.#view(runId), 'paused');
    await this.#options.store.requestPause(runId, pausedBy);
    this.#options.poke();
    return this.#view(runId);
  }

  async resume(
    runId: string,
    { resumedBy }: { resumedBy: string },
  ): Promise<RunView> {
    const { state } = await this.#view(runId);
    if (state !== 'paused') {
      throw new ConflictError(
        `Run '${runId}' is ${state}; only a paused run is resumed`,
      );
    }
    await this.#options.store.resume(runId, resumedBy);
    this.#options.poke();
    return this.#view(runId);
  }

  async run(id: string): Promise<RunView | undefined> {
    const run = await this.#options.store.get(id);
    return run && runView(run);
  }

  async runs(filter: {
    meshId?: string;
    workload?: string;
    active?: boolean;
    limit?: number;
  }): Promise<RunSummary[]> {
    return this.#options.store.list({
      ...filter,
      limit: clampLimit(filter.limit),
    });
  }

  async events(
    runId: string,
    options: { after?: number; limit?: number },
  ): Promise<RunEvent[]> {
    return this.#options.store.events(runId, {
      after: options.after,
      limit: clampLimit(options.limit),
    });
  }

  async activeRuns(): Promise<RunSummary[]> {
    return this.#options.store.list({ active: true, limit: MAX_LIMIT });
  }

  async lastUpgrades(workloads: string[]): Promise<Map<string, LastUpgrade>> {
    return this.#options.store.lastUpgrades(workloads);
  }

  async #draft(
    subject: UpgradeSubject,
  ): Promise<{ draft: DraftRun; selection: Selection; locks: RunLock[] }> {
    const { clusters, drivers, store } = this.#options;
    const selection = await this.#select(subject);
    const locks = locksOf(selection);
    // Before all rules: while another run is changing the world, its name
    // tells more than what no longer fits.
    await store.assertFree(locks);
    const signal = AbortSignal.timeout(PLAN_TIMEOUT_MS);
    try {
      if (selection.kind === 'sidecars') {
        const { workloads } = selection;
        const draft = await planSidecars(
          { kind: 'sidecars', workloads: workloads.map(({ id }) => id) },
          { workloads, clusters, signal },
        );
        return { draft, selection, locks };
      }
      const { mesh, targetVersion } = selection;
      const refusal = await this.#options.targets.refuse(mesh, targetVersion);
      if (refusal !== undefined) {
        throw new InputError(refusal);
      }
      const draft = await planMesh(
        { kind: 'mesh', meshId: mesh.id, targetVersion },
        { mesh, clusters, drivers, signal },
      );
      return { draft, selection, locks };
    } catch (error) {
      if (isKubernetesError(error)) {
        throw new ServiceUnavailableError(
          `The plan needs what a cluster does not answer. ${error.message}`,
          error,
        );
      }
      throw error;
    }
  }

  async #select(subject: UpgradeSubject): Promise<Selection> {
    const { inventory } = this.#options;
    if (subject.kind === 'mesh') {
      const mesh = await inventory.mesh(subject.meshId);
      assertMesh(mesh, subject.meshId);
      return { kind: 'mesh', mesh, targetVersion: subject.targetVersion };
    }
    if (subject.kind === 'leftovers') {
      throw new InputError('There is nothing to plan for leftovers');
    }
    const ids = [...new Set(subject.workloads)];
    if (ids.length === 0) {
      throw new InputError('workloads must not be empty');
    }
    const workloads = await inventory.workloadsById(ids);
    const known = new Set(workloads.map(({ id }) => id));
    const unknown = ids.filter(id => !known.has(id));
    if (unknown.length > 0) {
      throw new InputError(`Unknown workloads: ${unknown.join(', ')}`);
    }
    return { kind: 'sidecars', workloads };
  }

  /** Workloads that the plan skips are not checked: nothing happens to them. */
  #check(selection: Selection, steps: DraftRun['steps']): Promise<CheckReport> {
    const { checks } = this.#options;
    if (selection.kind === 'mesh') {
      return checks.checkMesh(selection.mesh, selection.targetVersion);
    }
    const planned = new Set(steps.map(({ workload }) => workload));
    return checks.checkSidecars(
      selection.workloads.filter(({ id }) => planned.has(id)),
    );
  }

  async #view(id: string): Promise<RunView> {
    const view = await this.run(id);
    if (!view) {
      throw new NotFoundError(`No run '${id}' is known`);
    }
    return view;
  }
}

/** A mesh is upgraded alone; restarts in it share it, and have their workloads alone. */
function locksOf(selection: Selection): RunLock[] {
  if (selection.kind === 'mesh') {
    return [{ key: `mesh:${selection.mesh.id}`, exclusive: true }];
  }
  const { workloads } = selection;
  const meshes = new Set(workloads.flatMap(({ meshId }) => meshId ?? []));
  return [
    ...[...meshes].map(id => ({ key: `mesh:${id}`, exclusive: false })),
    ...workloads.map(({ id }) => ({ key: `workload:${id}`, exclusive: true })),
  ];
}

function clampLimit(limit = DEFAULT_LIMIT): number {
  return Math.max(1, Math.min(MAX_LIMIT, limit));
}
