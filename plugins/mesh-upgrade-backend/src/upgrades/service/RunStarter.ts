import { ServiceUnavailableError, toError } from '@backstage/errors';
import type {
  CheckFinding,
  RunView,
  StartRunRequest,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { randomUUID } from 'node:crypto';
import type { DurationHistory } from '../durations/DurationHistory';
import { usualDurations } from '../durations/usualDurations';
import type { DraftRun } from '../plans/types';
import { foreseenWaits } from '../schedule/foreseenWaits';
import { needsApproval } from '../schedule/needsApproval';
import { PlanChangedError } from '../store/errors';
import type { NewRun } from '../store/RunStore';
import type { Run } from '../types';
import { consentMessage } from './assertChecked';
import { assertStartable, type StartableOptions } from './assertStartable';
import { draftRun, type DraftOptions } from './draftRun';
import type { RunReader } from './RunReader';
import { locksOf, meshesOf, select, type SelectionOptions } from './selection';

export interface RunStarterOptions
  extends SelectionOptions,
    DraftOptions,
    StartableOptions {
  durations: Pick<DurationHistory, 'seen'>;
  reader: Pick<RunReader, 'knownRun'>;
  /** Called when the engine is to look at a run now. */
  poke(runId: string): void;
}

/** What no other try changes. */
const FINAL_REFUSALS = new Set([
  'InputError',
  'ConflictError',
  'NotAllowedError',
  'NotFoundError',
]);

/** Plans runs, starts them, and looks again at those that waited. */
export class RunStarter {
  readonly #options: RunStarterOptions;

  static create(options: RunStarterOptions): RunStarter {
    return new RunStarter(options);
  }

  private constructor(options: RunStarterOptions) {
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
    const { policy, store, reader } = this.#options;
    if (policy.problem !== undefined) {
      throw new ServiceUnavailableError(
        `Nothing is started before the configuration is corrected. ${policy.problem}`,
      );
    }
    const { draft, selection, locks } = await this.#freeDraft(request);
    if (draft.plan.hash !== request.planHash) {
      throw new PlanChangedError(
        'The clusters have changed since this plan was made; look at the new plan and start again',
        draft.plan,
      );
    }
    const consented = await assertStartable(
      { selection, draft, request, consents: request.consents ?? [] },
      this.#options,
    );
    const run = this.#newRun(request, {
      draft,
      meshes: meshesOf(locks),
      consented,
      startedBy,
    });
    await store.create(
      run,
      locks,
      consented.map(finding => ({
        level: 'info',
        message: consentMessage(finding, startedBy),
      })),
    );
    this.#options.poke(run.id);
    return reader.knownRun(run.id);
  }

  /**
   * Plans and checks again what a run that waited is about to do.
   *
   * @returns why it must not begin any more; undefined when it may
   * @throws when that cannot be decided now, as without an answer of a cluster
   */
  async revalidate(run: Run): Promise<string | undefined> {
    const { subject, retryOf, consents } = run;
    if (!subject) {
      return 'It is older than this release, which cannot tell whether it still fits';
    }
    try {
      const selection = await select(subject, this.#options);
      const draft = await draftRun(selection, this.#options);
      if (draft.plan.hash !== run.plan.hash) {
        return 'The clusters have changed since it was planned';
      }
      const request = { ...subject, retryOf };
      await assertStartable(
        { selection, draft, request, consents, runId: run.id },
        this.#options,
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

  async #freeDraft(subject: UpgradeSubject) {
    const selection = await select(subject, this.#options);
    const locks = locksOf(selection);
    // Before all rules: while another run is changing the world, its name
    // tells more than what no longer fits.
    await this.#options.store.assertFree(locks);
    const draft = await draftRun(selection, this.#options);
    return { draft: await this.#foretold(draft), selection, locks };
  }

  /** The same draft, whose plan names the steps and how long they usually take. */
  async #foretold(draft: DraftRun): Promise<DraftRun> {
    const { durations, policy } = this.#options;
    const { plan, steps } = draft;
    const usual = usualDurations(
      { kind: plan.kind, steps },
      await durations.seen(),
      policy,
    );
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

  #newRun(
    request: StartRunRequest,
    options: {
      draft: DraftRun;
      meshes: string[];
      consented: CheckFinding[];
      startedBy: string;
    },
  ): NewRun {
    const { meshes, consented, startedBy } = options;
    const { plan, steps } = options.draft;
    return {
      id: randomUUID(),
      meshes,
      subject: subjectOf(request),
      consents: consented.map(finding => finding.id),
      startAt: request.startAt,
      needsApproval: needsApproval(this.#options.policy.approval, {
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
    };
  }
}

/** A start request carries more than its subject. */
function subjectOf(request: StartRunRequest): UpgradeSubject {
  const { planHash, consents, startAt, retryOf, ...subject } = request;
  return subject;
}
