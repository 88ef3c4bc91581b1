/**
 * Drives runs: claim → observe → decide → record → act → record, over and over.
 *
 * A run belongs to one engine at a time, by a lease in the database. Whatever is
 * decided is recorded before the cluster is touched, and recording fails when the
 * lease was lost; so an engine that slept past its lease cannot decide anything,
 * nor begin a write it had decided on before. One that was on its way is the
 * write its successor makes: the content is fixed by the intent.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, toError } from '@backstage/errors';
import type { RunEvent } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DriftWatch } from '../drift/DriftWatch';
import { DEFAULT_POLICY, type RunPolicy } from '../schedule/RunPolicy';
import { isFinalRunState } from '../transitions';
import type {
  EngineWrite,
  NewRunEvent,
  Run,
  Step,
  StepActuator,
  StepObservation,
} from '../types';
import { LeaseLostError } from '../store/errors';
import type { RunLease, RunStore } from '../store/RunStore';
import { goesOn, reconcile, recordWrites, type StepReport } from './reconcile';
import { Revalidations } from './Revalidations';
import { isDue } from './stepCourse';
import { stepFailure, type StepFailure } from './stepFailure';
import { turnOf, type Revalidation } from './turnOf';
import { turnPause } from './turnPause';

export interface EngineSettings {
  leaseMs: number;
  /** Pause between two looks at a run that moves; longer when there are many. */
  cadenceMs: number;
  /** Limit of one look or write of one step; well below the lease. */
  requestTimeoutMs: number;
  /** How often a run at rest is looked at, were it forgotten otherwise. */
  restMs: number;
}

export interface RunEngineOptions {
  store: RunStore;
  actuators: StepActuator[];
  /** The same, but may lag behind the clusters: they tell how a step goes on while there is nothing to decide. */
  onlookers?: StepActuator[];
  logger: LoggerService;
  settings?: Partial<EngineSettings>;
  /** Default: everything at any time. */
  policy?: RunPolicy;
  /**
   * Answers why a run that waited must not begin; undefined when it may.
   * Throws when that cannot be decided now. Default: it may.
   */
  revalidate?(run: Run): Promise<string | undefined>;
  /** Finds what others change during a run, beside the passes. */
  drift?: Pick<DriftWatch, 'of' | 'forget'>;
  /** Told before and after every write, e.g. to audit it. */
  onWrite?(write: EngineWrite): void | Promise<void>;
  /** Told of every event after it was stored. */
  onEvent?(event: RunEvent): void;
}

const DEFAULTS: EngineSettings = {
  leaseMs: 15_000,
  cadenceMs: 700,
  requestTimeoutMs: 8_000,
  restMs: 60_000,
};

/** Drives the runs it holds a lease of; see the head of this file. */
export class RunEngine {
  readonly #options: RunEngineOptions;
  readonly #settings: EngineSettings;
  readonly #actuators: Map<string, StepActuator>;
  readonly #onlookers: Map<string, StepActuator>;
  readonly #owner = randomUUID();
  readonly #leases = new Map<string, RunLease>();
  readonly #policy: RunPolicy;
  readonly #revalidations: Revalidations;
  readonly #passes = new Map<string, Promise<void>>();
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #pokes = 0;

  static create(options: RunEngineOptions): RunEngine {
    return new RunEngine(options);
  }

  private constructor(options: RunEngineOptions) {
    this.#options = options;
    this.#settings = { ...DEFAULTS, ...options.settings };
    this.#policy = options.policy ?? DEFAULT_POLICY;
    this.#revalidations = Revalidations.create({
      revalidate: async run => options.revalidate?.(run),
    });
    this.#actuators = byAction(options.actuators);
    this.#onlookers = byAction(options.onlookers ?? []);
  }

  /**
   * Claims what is due and takes it one pass further. Runs that are not over
   * then go on by themselves, each in its turn.
   *
   * @returns ids of the runs it claimed
   */
  async claim(): Promise<string[]> {
    if (this.#abort.signal.aborted) {
      return [];
    }
    const { store } = this.#options;
    const { leaseMs } = this.#settings;
    const leases = await store.claim({ owner: this.#owner, leaseMs });
    leases.forEach(lease => this.#leases.set(lease.runId, lease));
    await Promise.all(leases.map(lease => this.#pass(lease)));
    this.#takeTurns();
    return leases.map(({ runId }) => runId);
  }

  /** Takes a run one pass further before its turn; does nothing when another engine has it. */
  async advance(runId: string): Promise<void> {
    // A pass that is under way may have read the run before somebody asked something of it.
    await this.#passes.get(runId);
    const lease = this.#leases.get(runId);
    if (lease) {
      await this.#pass(lease);
    }
  }

  /** Somebody asked something of a run: it is looked at now instead of in its turn. */
  poke(runId: string): void {
    this.#pokes += 1;
    void this.#look(runId);
  }

  async #look(runId: string): Promise<void> {
    try {
      const claimed = await this.claim();
      if (!claimed.includes(runId)) {
        await this.advance(runId);
      }
    } catch (error) {
      this.#options.logger.error('Could not look for runs', toError(error));
    }
  }

  /** Lets go of all runs, which another engine may claim at once. */
  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await Promise.all(this.#passes.values());
    for (const lease of this.#leases.values()) {
      await this.#options.store
        .release(lease)
        .catch(error => this.#onPassError(lease, error));
    }
    this.#leases.clear();
  }

  #takeTurns() {
    if (
      this.#leases.size === 0 ||
      this.#abort.signal.aborted ||
      this.#timer !== undefined
    ) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#takeTurn();
      this.#takeTurns();
    }, turnPause(this.#leases.size, this.#settings));
    this.#timer.unref();
  }

  #takeTurn() {
    const [lease] = this.#leases.values();
    if (lease) {
      // The next turn is another run's.
      this.#leases.delete(lease.runId);
      this.#leases.set(lease.runId, lease);
      void this.#pass(lease);
    }
  }

  /** One pass of one run; never two at once, and it never rejects. */
  #pass(lease: RunLease): Promise<void> {
    const running = this.#passes.get(lease.runId);
    if (running) {
      return running;
    }
    const pass = this.#advanceWhileMoving(lease)
      .catch(error => this.#onPassError(lease, error))
      .finally(() => this.#passes.delete(lease.runId));
    this.#passes.set(lease.runId, pass);
    return pass;
  }

  /** A started step is looked at in the same breath, so that its write is not a cadence late. */
  async #advanceWhileMoving(lease: RunLease): Promise<void> {
    let started = true;
    while (started && !this.#abort.signal.aborted) {
      started = await this.#advance(lease);
    }
  }

  /** Returns whether a step was started. */
  async #advance(lease: RunLease): Promise<boolean> {
    const { store } = this.#options;
    const pokes = this.#pokes;
    const { run, now } = await store.renew(lease, this.#settings.leaseMs);
    if (isFinalRunState(run.state)) {
      this.#letGo(lease.runId);
      return false;
    }
    const reports = await this.#observe(run, now);
    const policy = this.#policy;
    const decision = reconcile(run, reports, {
      now,
      policy,
      revalidation: this.#revalidation(run, now),
      intend: (step, of) => this.#actuator(step)?.intend(step, of, now) ?? {},
    });
    const drift = run.startedAt ? this.#options.drift?.of(run) : undefined;
    const decided = drift
      ? { ...decision.run, drift: drift.memory }
      : decision.run;
    await this.#record(lease, run, decided, [
      ...(drift?.events ?? []),
      ...decision.events,
    ]);
    if (decision.actions.length > 0) {
      // Looking may have eaten most of the lease; no write without a fresh one.
      const writeBy = performance.now() + this.#settings.leaseMs;
      await store.renew(lease, this.#settings.leaseMs);
      const outcomes = await this.#act(decided, decision.actions, writeBy);
      const after = recordWrites(decided, outcomes, now);
      await this.#record(lease, decided, after.run, after.events);
    }
    if (isFinalRunState(decided.state)) {
      this.#letGo(lease.runId);
    } else if (isAtRest(decided)) {
      // Held back for hours, perhaps: whoever asks for something wakes it up.
      this.#letGo(lease.runId);
      await store.release(lease, {
        until: restsUntil(decided, now, this.#settings.restMs),
        requests: run.requests,
      });
      if (this.#pokes > pokes) {
        // It may have been this run that somebody wants something of since it was read.
        setImmediate(() => void this.#look(run.id));
      }
    }
    return decided.steps.some(
      (step, i) => step.state === 'running' && run.steps[i].state === 'pending',
    );
  }

  #revalidation(run: Run, now: Date): Revalidation | undefined {
    const isToBeAsked =
      goesOn(run) &&
      turnOf(run, { now, policy: this.#policy }).kind === 'revalidates';
    return isToBeAsked ? this.#revalidations.of(run) : undefined;
  }

  #letGo(runId: string) {
    this.#leases.delete(runId);
    this.#revalidations.forget(runId);
    this.#options.drift?.forget(runId);
  }

  async #observe(run: Run, now: Date): Promise<Map<string, StepReport>> {
    const due = run.steps.filter(step => isDue(step, now));
    const reports = await Promise.all(
      due.map(async (step): Promise<[string, StepReport]> => {
        try {
          const observation = await this.#observeStep(step, run, now);
          return [step.id, { kind: 'seen', observation }];
        } catch (error) {
          this.#abort.signal.throwIfAborted();
          return [step.id, { kind: 'failure', failure: stepFailure(error) }];
        }
      }),
    );
    return new Map(reports);
  }

  /** What leads to a write or to an end is read from the API server itself. */
  async #observeStep(
    step: Step,
    run: Run,
    now: Date,
  ): Promise<StepObservation> {
    const actuator = this.#actuator(step);
    if (!actuator) {
      throw new InputError(`Nothing here can do '${step.action}'`);
    }
    const options = { signal: this.#signal(), now };
    const seen = await this.#onlookers
      .get(step.action)
      ?.observe(step, run, options);
    return seen?.state === 'moving' || seen?.state === 'waiting'
      ? seen
      : actuator.observe(step, run, options);
  }

  async #act(
    run: Run,
    ids: string[],
    writeBy: number,
  ): Promise<Map<string, StepFailure | undefined>> {
    const outcomes = await Promise.all(
      ids.map(async (id): Promise<[string, StepFailure | undefined]> => {
        const step = run.steps.find(s => s.id === id)!;
        const write = { run, step, action: step.action };
        await this.#tell({ ...write, outcome: 'initiated' });
        // Whoever stood still since then has lost the lease without knowing it.
        if (performance.now() > writeBy) {
          throw new LeaseLostError(
            `Run '${run.id}' was held for longer than its lease without a look at it`,
          );
        }
        try {
          await this.#actuator(step)!.act(step, run, {
            signal: this.#signal(),
          });
        } catch (thrown) {
          const error = toError(thrown);
          await this.#tell({ ...write, outcome: 'failed', error });
          return [id, stepFailure(error)];
        }
        await this.#tell({ ...write, outcome: 'succeeded' });
        return [id, undefined];
      }),
    );
    return new Map(outcomes);
  }

  async #record(
    lease: RunLease,
    before: Run,
    after: Run,
    events: NewRunEvent[],
  ): Promise<void> {
    const { store, onEvent } = this.#options;
    if (!hasChanged(before, after) && events.length === 0) {
      return;
    }
    const stored = await store.record(lease, { before, after, events });
    if (before.state !== after.state) {
      this.#options.logger.info(`Run is ${after.state}`, { runId: after.id });
    }
    for (const event of stored) {
      onEvent?.(event);
    }
  }

  async #tell(write: EngineWrite): Promise<void> {
    try {
      await this.#options.onWrite?.(write);
    } catch (error) {
      this.#options.logger.error('Could not report a write', toError(error));
    }
  }

  #onPassError(lease: RunLease, thrown: unknown) {
    const error = toError(thrown);
    if (error.name === 'LeaseLostError') {
      this.#letGo(lease.runId);
      return;
    }
    if (!this.#abort.signal.aborted) {
      this.#options.logger.error(
        `Run '${lease.runId}' could not be taken further`,
        error,
      );
    }
  }

  #actuator(step: Step): StepActuator | undefined {
    return this.#actuators.get(step.action);
  }

  #signal(): AbortSignal {
    return AbortSignal.any([
      this.#abort.signal,
      AbortSignal.timeout(this.#settings.requestTimeoutMs),
    ]);
  }
}

function isAtRest({ state, waitsFor, steps }: Run): boolean {
  return (
    (state === 'paused' || (state === 'waiting' && waitsFor !== undefined)) &&
    steps.every(step => step.state !== 'running')
  );
}

function restsUntil({ waitsFor }: Run, now: Date, restMs: number): Date {
  const latest = now.getTime() + restMs;
  const until = waitsFor?.until ? Date.parse(waitsFor.until) : latest;
  return new Date(Math.min(until, latest));
}

function hasChanged(before: Run, after: Run): boolean {
  return (
    before.state !== after.state ||
    before.message !== after.message ||
    !isDeepStrictEqual(before.waitsFor, after.waitsFor) ||
    !isDeepStrictEqual(before.drift, after.drift) ||
    after.steps.some((step, i) => step !== before.steps[i])
  );
}

function byAction(actuators: StepActuator[]): Map<string, StepActuator> {
  return new Map(actuators.map(actuator => [actuator.action, actuator]));
}
