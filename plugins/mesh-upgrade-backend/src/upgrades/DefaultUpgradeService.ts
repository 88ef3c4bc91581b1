import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
  toError,
} from '@backstage/errors';
import type {
  CheckReport,
  LastUpgrade,
  RunEvent,
  RunFilter,
  RunPage,
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
import { assertReturn, assertRetry } from './assertSuccession';
import { assertChecked, consentMessage } from './assertChecked';
import type { ControlPlaneDriver } from './drivers/types';
import type { DurationHistory } from './durations/DurationHistory';
import {
  usualDurations,
  type UsualDurations,
} from './durations/usualDurations';
import { isKubernetesError } from './engine/stepFailure';
import { assertMode } from './kubernetes/clientFor';
import type { MeshLeftovers } from './leftovers';
import { planLeftovers } from './plans/planLeftovers';
import { assertMesh, planMesh } from './plans/planMesh';
import { planSidecars } from './plans/planSidecars';
import type { DraftRun } from './plans/types';
import { newestUpgrade, returnTarget } from './returnTarget';
import { runView } from './runView';
import { foreseenWaits } from './schedule/foreseenWaits';
import { needsApproval } from './schedule/needsApproval';
import type { RunPolicy } from './schedule/RunPolicy';
import { PlanChangedError } from './store/errors';
import type { RunLock, RunStore } from './store/RunStore';
import { isFinalRunState, moveRun } from './transitions';
import type { Run, UpgradeService } from './types';

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
  leftovers: Pick<MeshLeftovers, 'on'>;
  policy: RunPolicy;
  store: RunStore;
  durations: Pick<DurationHistory, 'seen'>;
  /** Called when there is work for the engine. */
  poke(): void;
}

/** What a request is about, as the inventory knows it. */
type Selection =
  | {
      kind: 'mesh';
      mesh: InventoriedMesh;
      targetVersion: string;
      returnOf?: string;
    }
  | { kind: 'leftovers'; mesh: InventoriedMesh; leftovers: string[] }
  | { kind: 'sidecars'; workloads: WorkloadDetail[] };

/** What no other try changes. */
const FINAL_REFUSALS = new Set([
  'InputError',
  'ConflictError',
  'NotAllowedError',
  'NotFoundError',
]);
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
    const { policy } = this.#options;
    const { draft, locks } = await this.#freeDraft(subject);
    const { plan, steps } = draft;
    const run = { kind: plan.kind, meshes: meshesOf(locks), steps };
    return {
      ...plan,
      waitsFor: foreseenWaits(run, { policy, now: new Date() }),
    };
  }

  async start(
    request: StartRunRequest,
    { startedBy }: { startedBy: string },
  ): Promise<RunView> {
    const { policy, store } = this.#options;
    if (policy.problem !== undefined) {
      throw new ServiceUnavailableError(
        `Nothing is started before the configuration is corrected. ${policy.problem}`,
      );
    }
    const { draft, selection, locks } = await this.#freeDraft(request);
    const { plan, steps } = draft;
    if (plan.hash !== request.planHash) {
      throw new PlanChangedError(
        'The clusters have changed since this plan was made; look at the new plan and start again',
        plan,
      );
    }
    this.#assertModes(draft);
    await this.#assertSuccession(request);
    const consented = assertChecked(
      await this.#check(selection, steps),
      request.consents ?? [],
    );
    const meshes = meshesOf(locks);
    const id = randomUUID();
    await store.create(
      {
        id,
        meshes,
        subject: subjectOf(request),
        consents: consented.map(finding => finding.id),
        startAt: request.startAt,
        needsApproval: needsApproval(policy.approval, {
          kind: plan.kind,
          meshes,
        }),
        retryOf: request.retryOf,
        returnOf: request.kind === 'mesh' ? request.returnOf : undefined,
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

  async approve(
    runId: string,
    { approvedBy }: { approvedBy: string },
  ): Promise<RunView> {
    await this.#assertDecidable(runId, approvedBy);
    if (!(await this.#options.store.approve(runId, approvedBy))) {
      throw decidedMeanwhile(runId);
    }
    this.#options.poke();
    return this.#view(runId);
  }

  async reject(
    runId: string,
    { rejectedBy, reason }: { rejectedBy: string; reason?: string },
  ): Promise<RunView> {
    await this.#assertDecidable(runId, rejectedBy);
    const { store } = this.#options;
    if (!(await store.reject(runId, { rejectedBy, reason }))) {
      throw decidedMeanwhile(runId);
    }
    this.#options.poke();
    return this.#view(runId);
  }

  /**
   * Plans and checks again what a run that waited is about to do.
   *
   * @returns why it must not begin any more; undefined when it may
   * @throws when that cannot be decided now, as without an answer of a cluster
   */
  async revalidate(run: Run): Promise<string | undefined> {
    if (!run.subject) {
      return 'It is older than this release, which cannot tell whether it still fits';
    }
    try {
      const selection = await this.#select(run.subject);
      const draft = await this.#draft(selection);
      if (draft.plan.hash !== run.plan.hash) {
        return 'The clusters have changed since it was planned';
      }
      this.#assertModes(draft);
      await this.#assertSuccession({
        ...run.subject,
        retryOf: run.retryOf,
      });
      assertChecked(
        await this.#check(selection, draft.steps, run.id),
        run.consents,
      );
      return undefined;
    } catch (thrown) {
      const error = toError(thrown);
      if (FINAL_REFUSALS.has(error.name)) {
        return error.message;
      }
      throw error;
    }
  }

  async run(id: string): Promise<RunView | undefined> {
    const run = await this.#options.store.get(id);
    if (!run) {
      return undefined;
    }
    const view = runView(run, await this.#usual(run));
    return { ...view, returnTo: await this.#returnTo(run) };
  }

  async #returnTo(run: Run): Promise<string | undefined> {
    const version = returnTarget(run);
    if (version === undefined || run.meshId === undefined) {
      return undefined;
    }
    const newest = await newestUpgrade(this.#options.store, run.meshId);
    return newest?.id === run.id ? version : undefined;
  }

  async planOf(runId: string): Promise<UpgradePlan | undefined> {
    return (await this.#options.store.get(runId))?.plan;
  }

  async runs(
    filter: RunFilter & { limit?: number; cursor?: string },
  ): Promise<RunPage> {
    return this.#options.store.list({
      ...filter,
      limit: clampLimit(filter.limit),
    });
  }

  async events(
    runId: string,
    options: { after?: number; output?: boolean; limit?: number },
  ): Promise<RunEvent[]> {
    return this.#options.store.events(runId, {
      ...options,
      limit: clampLimit(options.limit),
    });
  }

  async activeRuns(): Promise<RunSummary[]> {
    const { store } = this.#options;
    const { items } = await store.list({ active: true, limit: MAX_LIMIT });
    return items;
  }

  async lastUpgrades(workloads: string[]): Promise<Map<string, LastUpgrade>> {
    return this.#options.store.lastUpgrades(workloads);
  }

  async #freeDraft(subject: UpgradeSubject) {
    const selection = await this.#select(subject);
    const locks = locksOf(selection);
    // Before all rules: while another run is changing the world, its name
    // tells more than what no longer fits.
    await this.#options.store.assertFree(locks);
    const draft = await this.#draft(selection);
    return { draft: await this.#foretold(draft), selection, locks };
  }

  /** The same draft, whose plan names the steps and how long they usually take. */
  async #foretold(draft: DraftRun): Promise<DraftRun> {
    const { plan, steps } = draft;
    const usual = await this.#usual({ kind: plan.kind, steps });
    return {
      ...draft,
      plan: {
        ...plan,
        steps: steps.map(({ phase, title, cluster }, index) => ({
          phase,
          title,
          cluster,
          usualSeconds: usual.steps[index],
        })),
        usualSeconds: usual.run,
      },
    };
  }

  async #usual(
    run: Parameters<typeof usualDurations>[0],
  ): Promise<UsualDurations> {
    const { durations, policy } = this.#options;
    return usualDurations(run, await durations.seen(), policy);
  }

  async #draft(selection: Selection): Promise<DraftRun> {
    const { clusters, drivers, policy } = this.#options;
    const signal = AbortSignal.timeout(PLAN_TIMEOUT_MS);
    try {
      if (selection.kind === 'sidecars') {
        const { workloads } = selection;
        return await planSidecars(
          { kind: 'sidecars', workloads: workloads.map(({ id }) => id) },
          { workloads, clusters, signal },
        );
      }
      if (selection.kind === 'leftovers') {
        const { mesh, leftovers } = selection;
        return await planLeftovers(
          { kind: 'leftovers', meshId: mesh.id, leftovers },
          { mesh, leftovers: this.#options.leftovers, signal },
        );
      }
      const { mesh, targetVersion, returnOf } = selection;
      const returned =
        returnOf === undefined
          ? undefined
          : (await this.#options.store.get(returnOf))?.steps;
      const refusal = returned
        ? undefined
        : await this.#options.targets.refuse(mesh, targetVersion);
      if (refusal !== undefined) {
        throw new InputError(refusal);
      }
      return await planMesh(
        { kind: 'mesh', meshId: mesh.id, targetVersion },
        {
          mesh,
          clusters,
          drivers,
          canaryClusters: policy.canaryClusters,
          returned,
          signal,
        },
      );
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
      const { targetVersion, returnOf } = subject;
      if (returnOf !== undefined) {
        await this.#assertReturnable(subject, returnOf);
      }
      return { kind: 'mesh', mesh, targetVersion, returnOf };
    }
    if (subject.kind === 'leftovers') {
      const mesh = await inventory.mesh(subject.meshId);
      assertMesh(mesh, subject.meshId);
      return { kind: 'leftovers', mesh, leftovers: subject.leftovers };
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
  #check(
    selection: Selection,
    steps: DraftRun['steps'],
    runId?: string,
  ): Promise<CheckReport> {
    const { checks } = this.#options;
    if (selection.kind === 'mesh') {
      const { mesh, targetVersion, returnOf } = selection;
      const returning = returnOf !== undefined;
      return checks.checkMesh(mesh, targetVersion, { runId, returning });
    }
    if (selection.kind === 'leftovers') {
      const { mesh, leftovers } = selection;
      return checks.checkLeftovers(mesh, leftovers, { runId });
    }
    const planned = new Set(steps.map(({ workload }) => workload));
    return checks.checkSidecars(
      selection.workloads.filter(({ id }) => planned.has(id)),
    );
  }

  #assertModes({ plan, handsOff = [] }: DraftRun) {
    const needed = plan.kind === 'sidecars' ? 'restart' : 'full';
    for (const cluster of new Set(plan.changes.map(c => c.cluster))) {
      if (!handsOff.includes(cluster)) {
        assertMode(this.#options.clusters, cluster, needed);
      }
    }
  }

  async #assertSuccession(
    request: UpgradeSubject & { retryOf?: string },
  ): Promise<void> {
    const { store } = this.#options;
    if (request.retryOf !== undefined) {
      const former = await store.get(request.retryOf);
      assertRetry(former, request, request.retryOf);
    }
  }

  async #assertReturnable(
    subject: UpgradeSubject & { kind: 'mesh' },
    returnOf: string,
  ): Promise<void> {
    const { store } = this.#options;
    const former = await store.get(returnOf);
    assertReturn(former, subject, returnOf);
    if (former?.returnOf !== undefined) {
      throw new InputError(
        `'returnOf' names run '${returnOf}', which took another one back; upgrade the mesh instead`,
      );
    }
    const newest = await newestUpgrade(store, subject.meshId);
    if (newest?.id !== returnOf) {
      throw new InputError(
        `'returnOf' names run '${returnOf}', after which run '${newest?.id}' changed mesh '${subject.meshId}'; only the newest one is taken back`,
      );
    }
  }

  async #assertDecidable(runId: string, user: string): Promise<void> {
    const { approval, startedBy, state } = await this.#view(runId);
    if (startedBy === user) {
      throw new NotAllowedError(
        `Run '${runId}' is decided by somebody else than ${user}, who started it`,
      );
    }
    if (!approval || approval.decision || isFinalRunState(state)) {
      throw new ConflictError(
        `Nothing is to be decided about run '${runId}': ${
          approval?.decision
            ? `it was ${approval.decision} by ${approval.decidedBy}`
            : `it is ${state}${approval ? '' : ' and needs no approval'}`
        }`,
      );
    }
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
  if (selection.kind !== 'sidecars') {
    return [{ key: `mesh:${selection.mesh.id}`, exclusive: true }];
  }
  const { workloads } = selection;
  const meshes = new Set(workloads.flatMap(({ meshId }) => meshId ?? []));
  return [
    ...[...meshes].map(id => ({ key: `mesh:${id}`, exclusive: false })),
    ...workloads.map(({ id }) => ({ key: `workload:${id}`, exclusive: true })),
  ];
}

/** Of those that a run locks, alone or shared. */
function meshesOf(locks: RunLock[]): string[] {
  return locks.flatMap(({ key }) =>
    key.startsWith('mesh:') ? [key.slice('mesh:'.length)] : [],
  );
}

/** A start request carries more than its subject. */
function subjectOf(request: StartRunRequest): UpgradeSubject {
  const { planHash, consents, startAt, retryOf, ...subject } = request;
  return subject;
}

function decidedMeanwhile(runId: string): ConflictError {
  return new ConflictError(
    `Somebody else has decided about run '${runId}', or stopped it, meanwhile`,
  );
}

function clampLimit(limit = DEFAULT_LIMIT): number {
  return Math.max(1, Math.min(MAX_LIMIT, limit));
}
