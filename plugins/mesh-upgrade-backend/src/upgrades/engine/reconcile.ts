/**
 * How a run goes on: a pure function of the run, of what was seen of its
 * running steps, and of the time. It never assumes that an earlier decision was
 * carried out: a write is asked for because the cluster still lacks it.
 *
 * A step starts by recording its intent and nothing else. The write follows
 * when a later look at the cluster finds it missing; so a crash between intent
 * and write, or between write and its record, is the same as no crash.
 */
import { moveRun, moveStep, isFinalRunState } from '../transitions';
import type { NewRunEvent, Run, Step, StepObservation } from '../types';
import { afterFailure, end, timedOut, withObservation } from './stepCourse';
import type { StepFailure } from './stepFailure';

/** What one look at the world, or one write, gave for a step. */
export type StepReport =
  | { kind: 'seen'; observation: StepObservation }
  | { kind: 'failure'; failure: StepFailure };

export interface ReconcileOptions {
  now: Date;
  /** Content of the write a starting step will make. */
  intend(step: Step, run: Run): Record<string, unknown>;
  /** Workloads restarted at the same time. */
  concurrency: number;
  /** How long a step may stand still before it fails. */
  stepTimeoutMs: number;
}

export interface Decision {
  run: Run;
  /** Steps whose write is to be made now; their intent is in `run`. */
  actions: string[];
  events: NewRunEvent[];
}

/** A change undone this often is being fought over. */
const MAX_ACTS = 3;

/** Decides the next state of a run; see the head of this file. */
export function reconcile(
  run: Run,
  reports: ReadonlyMap<string, StepReport>,
  options: ReconcileOptions,
): Decision {
  if (isFinalRunState(run.state)) {
    return { run, actions: [], events: [] };
  }
  const decision: Decision = { run, actions: [], events: [] };
  if (run.state === 'queued') {
    decision.run = moveRun(run, 'running');
    decision.run = { ...decision.run, startedAt: options.now.toISOString() };
  }
  takeInReports(decision, reports, options);
  if (!endAtOnce(decision, reports, options)) {
    skipWhatWillNotStart(decision);
    startSteps(decision, options);
    endWhenComplete(decision, options);
  }
  decision.actions = decision.actions.filter(id =>
    decision.run.steps.some(step => step.id === id && step.state === 'running'),
  );
  return decision;
}

/** Takes in how the writes of `actions` went. */
export function recordWrites(
  run: Run,
  outcomes: ReadonlyMap<string, StepFailure | undefined>,
  now: Date,
): Decision {
  const decision: Decision = { run, actions: [], events: [] };
  for (const [id, failure] of outcomes) {
    update(decision, id, step =>
      failure
        ? afterFailure(step, failure, now, decision.events)
        : {
            ...step,
            track: {
              ...step.track,
              acts: step.track.acts + 1,
              errors: 0,
              retryAt: undefined,
            },
          },
    );
  }
  return decision;
}

function takeInReports(
  decision: Decision,
  reports: ReadonlyMap<string, StepReport>,
  options: ReconcileOptions,
) {
  for (const { id, state } of decision.run.steps) {
    if (state !== 'running') {
      continue;
    }
    const report = reports.get(id);
    if (report?.kind === 'failure') {
      update(decision, id, step =>
        afterFailure(step, report.failure, options.now, decision.events),
      );
    } else if (report) {
      takeInObservation(decision, id, report.observation, options);
    }
    update(decision, id, step => timedOut(step, options, decision.events));
  }
}

function takeInObservation(
  decision: Decision,
  id: string,
  observation: StepObservation,
  options: ReconcileOptions,
) {
  const { now } = options;
  for (const event of observation.events ?? []) {
    decision.events.push({ ...event, stepId: id });
  }
  update(decision, id, step => {
    const seen = withObservation(step, observation, now);
    switch (observation.state) {
      case 'done':
        return end(
          seen,
          'succeeded',
          observation.message,
          now,
          decision.events,
        );
      case 'failed':
        return end(seen, 'failed', observation.message, now, decision.events);
      case 'unproven':
        return {
          ...end(seen, 'skipped', observation.message, now, decision.events),
          track: { ...seen.track, unproven: true },
        };
      case 'wanting':
        return wanting(decision, seen, now);
      case 'waiting':
        return awaitChange(decision, step, seen, now);
      default:
        if (seen.track.mark !== step.track.mark) {
          decision.events.push({
            stepId: id,
            level: 'info',
            message: observation.message,
          });
        }
        return seen;
    }
  });
}

function wanting(decision: Decision, step: Step, now: Date): Step {
  if (step.track.acts >= MAX_ACTS) {
    return end(
      step,
      'failed',
      `The change was made ${step.track.acts} times and undone each time by something else, such as a GitOps controller; make it where the object is kept. ${step.message}`,
      now,
      decision.events,
    );
  }
  if (willNotGoOn(decision.run)) {
    return step.track.acts === 0
      ? end(step, 'skipped', 'Nothing was changed', now, decision.events)
      : end(
          step,
          'failed',
          `The change was undone by something else while the run was ending. ${step.message}`,
          now,
          decision.events,
        );
  }
  if (decision.run.state === 'paused') {
    return holdBack(step, now);
  }
  decision.actions.push(step.id);
  return step;
}

function awaitChange(
  decision: Decision,
  former: Step,
  step: Step,
  now: Date,
): Step {
  if (willNotGoOn(decision.run)) {
    return end(
      step,
      'skipped',
      'Nothing was changed from here',
      now,
      decision.events,
    );
  }
  if (!former.track.waiting) {
    decision.events.push({
      stepId: step.id,
      level: 'warning',
      message: `${step.cluster}: ${step.title} waits. ${step.message}`,
    });
  }
  return step;
}

/** A pause is nobody's standstill: the time-out counts from its end. */
function holdBack(step: Step, now: Date): Step {
  return {
    ...step,
    message: 'Paused before the change is made',
    track: { ...step.track, movedAt: now.toISOString() },
  };
}

function endAtOnce(
  decision: Decision,
  reports: ReadonlyMap<string, StepReport>,
  options: ReconcileOptions,
): boolean {
  const fatal = decision.run.steps.find(step => {
    const report = reports.get(step.id);
    return (
      step.state === 'failed' &&
      report?.kind === 'seen' &&
      report.observation.fatal
    );
  });
  if (!fatal) {
    return false;
  }
  decision.actions = [];
  for (const { id, state, title } of decision.run.steps) {
    if (state === 'running') {
      update(decision, id, step =>
        end(
          step,
          'failed',
          `Not watched to its end, because the run ended with ${fatal.title}; Kubernetes goes on with ${title}`,
          options.now,
          decision.events,
        ),
      );
    }
  }
  skipWhatWillNotStart(decision);
  endWhenComplete(decision, options);
  return true;
}

function skipWhatWillNotStart(decision: Decision) {
  const { run } = decision;
  if (!willNotGoOn(run)) {
    return;
  }
  const message = hasFailed(run)
    ? 'Not started, because another step failed'
    : 'Not started, because the run was stopped';
  for (const { id, state } of run.steps) {
    if (state === 'pending') {
      update(decision, id, step => ({ ...moveStep(step, 'skipped'), message }));
    }
  }
}

function startSteps(decision: Decision, options: ReconcileOptions) {
  for (const id of startable(decision.run, options.concurrency)) {
    update(decision, id, step => {
      const at = options.now.toISOString();
      decision.events.push({
        stepId: id,
        level: 'info',
        message: `${step.cluster}: ${step.title} begins`,
      });
      return {
        ...moveStep(step, 'running'),
        message: 'Begins',
        intent: options.intend(step, decision.run),
        startedAt: at,
        track: { ...step.track, movedAt: at },
      };
    });
  }
}

/** Ids of the steps that may start now, in order. */
function startable(run: Run, concurrency: number): string[] {
  if (!goesOn(run) || hasFailed(run)) {
    return [];
  }
  const open = run.steps.filter(
    ({ state }) => state === 'pending' || state === 'running',
  );
  const phase = open.some(step => step.phase === 'upgrade')
    ? 'upgrade'
    : 'healthCheck';
  const inPhase = open.filter(step => step.phase === phase);
  const running = inPhase.filter(step => step.state === 'running').length;
  const free = slots(run, phase, concurrency) - running;
  return inPhase
    .filter(step => step.state === 'pending')
    .slice(0, Math.max(0, free))
    .map(step => step.id);
}

function slots(run: Run, phase: Step['phase'], concurrency: number): number {
  if (run.kind === 'sidecars') {
    return concurrency;
  }
  // Control planes one after the other, so that a bad one is the only one.
  return phase === 'upgrade' ? 1 : Infinity;
}

function endWhenComplete(decision: Decision, options: ReconcileOptions) {
  const { run } = decision;
  const endedAt = options.now.toISOString();
  if (run.steps.some(s => s.state === 'running' || s.state === 'pending')) {
    decision.run = { ...withWaiting(run), message: interimMessage(run) };
    return;
  }
  const failed = run.steps.filter(step => step.state === 'failed');
  const unproven = run.steps.filter(({ track }) => track.unproven);
  const skipped =
    run.steps.filter(step => step.state === 'skipped').length - unproven.length;
  if (failed.length > 0) {
    const [first] = failed;
    const rest = skipped > 0 ? ` ${skipped} not started.` : '';
    const message = `${failed.length} of ${run.steps.length} failed.${rest} ${first.cluster}, ${first.title}: ${first.message}`;
    decision.run = { ...moveRun(run, 'failed'), message, endedAt };
    decision.events.push({ level: 'error', message });
  } else if (skipped > 0) {
    const message = `Stopped. ${skipped} of ${run.steps.length} not started; nothing was undone.`;
    decision.run = { ...moveRun(run, 'stopped'), message, endedAt };
    decision.events.push({ level: 'warning', message });
  } else {
    decision.run = {
      ...moveRun(run, 'succeeded'),
      message: notProven(unproven),
      endedAt,
    };
    decision.events.push(successOf(run, unproven));
  }
}

function notProven(unproven: Step[]): string | undefined {
  const each = unproven.map(
    ({ cluster, title, message }) => `${cluster}, ${title}: ${message}`,
  );
  return each.length > 0 ? `Not proven: ${each.join('. ')}` : undefined;
}

function successOf(run: Run, unproven: Step[]): NewRunEvent {
  const all = run.steps.length;
  const message = notProven(unproven);
  return message === undefined
    ? { level: 'info', message: `Succeeded: all ${all} steps are proven` }
    : {
        level: 'warning',
        message: `Succeeded: ${
          all - unproven.length
        } of ${all} steps are proven. ${message}`,
      };
}

function goesOn(run: Run): boolean {
  return run.state === 'running' || run.state === 'waiting';
}

/** A run waits when everything that is under way does. */
function withWaiting(run: Run): Run {
  if (!goesOn(run)) {
    return run;
  }
  const running = run.steps.filter(step => step.state === 'running');
  const waits = running.length > 0 && running.every(s => s.track.waiting);
  return moveRun(run, waits ? 'waiting' : 'running');
}

function interimMessage(run: Run): string | undefined {
  const running = run.steps.filter(step => step.state === 'running');
  if (run.state === 'paused') {
    const waiting = run.steps.filter(step => step.state === 'pending').length;
    return running.length > 0
      ? `Pausing: ${running.length} finish in Kubernetes, ${waiting} wait`
      : `Paused: ${waiting} of ${run.steps.length} wait`;
  }
  if (run.state === 'stopping') {
    return `Stopping: ${running.length} finish in Kubernetes`;
  }
  if (hasFailed(run)) {
    return `A step failed: ${running.length} finish in Kubernetes, no other starts`;
  }
  const held = running.find(({ track }) => track.errors > 0 || track.waiting);
  return held && `${held.cluster}, ${held.title}: ${held.message}`;
}

/** Nothing that has not begun will begin. */
function willNotGoOn(run: Run): boolean {
  return run.state === 'stopping' || hasFailed(run);
}

function hasFailed(run: Run): boolean {
  return run.steps.some(step => step.state === 'failed');
}

/** Replaces one step; the others stay the same objects, which tells the store what changed. */
function update(decision: Decision, id: string, change: (step: Step) => Step) {
  const { run } = decision;
  const steps = run.steps.map(step => (step.id === id ? change(step) : step));
  decision.run = { ...run, steps };
}
