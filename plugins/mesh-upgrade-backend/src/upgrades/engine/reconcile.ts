/**
 * How a run goes on: a pure function of the run, of what was seen of its
 * running steps, and of the time. It never assumes that an earlier decision was
 * carried out: a write is asked for because the cluster still lacks it.
 *
 * A step starts by recording its intent and nothing else. The write follows
 * when a later look at the cluster finds it missing; so a crash between intent
 * and write, or between write and its record, is the same as no crash.
 */
import type { RunWait } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { moveRun, moveStep, isFinalRunState } from '../transitions';
import type { NewRunEvent, Run, Step, StepObservation } from '../types';
import { afterFailure, end, timedOut, withObservation } from './stepCourse';
import type { StepFailure } from './stepFailure';
import { turnOf, type TurnOptions } from './turnOf';

/** What one look at the world, or one write, gave for a step. */
export type StepReport =
  | { kind: 'seen'; observation: StepObservation }
  | { kind: 'failure'; failure: StepFailure };

export interface ReconcileOptions extends TurnOptions {
  /** Content of the write a starting step will make. */
  intend(step: Step, run: Run): Record<string, unknown>;
}

export interface Decision {
  run: Run;
  /** Steps whose write is to be made now; their intent is in `run`. */
  actions: string[];
  events: NewRunEvent[];
}

/** Why no step begins. */
interface Hold {
  message: string;
  /** Absent while it is being decided. */
  wait?: RunWait;
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
  takeInReports(decision, reports, options);
  if (!endAtOnce(decision, reports, options)) {
    skipWhatWillNotStart(decision);
    const hold = goOn(decision, options);
    if (!isFinalRunState(decision.run.state)) {
      endWhenComplete(decision, options, hold);
    }
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
  const { now, policy } = options;
  const timing = { now, stepTimeoutMs: policy.stepTimeoutMs };
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
    update(decision, id, step => timedOut(step, timing, decision.events));
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
        tellMove(decision, step, seen);
        return seen;
    }
  });
}

/** A problem is told once, when it begins: its words may change with every look. */
function tellMove(decision: Decision, former: Step, step: Step) {
  const hindered = step.track.hindered && !former.track.hindered;
  if (hindered || step.track.mark !== former.track.mark) {
    decision.events.push({
      stepId: step.id,
      level: hindered ? 'warning' : 'info',
      message: step.message,
    });
  }
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

/** Begins steps whose turn it is; returns why none begins where that is to be told. */
function goOn(decision: Decision, options: ReconcileOptions): Hold | undefined {
  if (!goesOn(decision.run) || hasFailed(decision.run)) {
    return undefined;
  }
  const turn = turnOf(decision.run, options);
  switch (turn.kind) {
    case 'waits':
      return { message: turn.wait.message, wait: turn.wait };
    case 'revalidates':
      return { message: turn.message };
    case 'refused':
      refuse(decision, turn.message, options);
      return undefined;
    default:
      if (turn.isRevalidated) {
        decision.events.push({
          level: 'info',
          message: 'Planned and checked again after the wait: it still fits',
        });
      }
      startSteps(decision, turn.ids, options);
      return undefined;
  }
}

/** Ends a run that has not begun. */
function refuse(
  decision: Decision,
  message: string,
  { now }: ReconcileOptions,
) {
  decision.run = {
    ...moveRun(decision.run, 'failed'),
    steps: decision.run.steps.map(step => ({
      ...moveStep(step, 'skipped'),
      message: 'Not started',
    })),
    message,
    waitsFor: undefined,
    endedAt: now.toISOString(),
  };
  decision.events.push({ level: 'error', message });
}

function startSteps(
  decision: Decision,
  ids: string[],
  options: ReconcileOptions,
) {
  if (decision.run.startedAt === undefined) {
    const startedAt = options.now.toISOString();
    decision.run = { ...moveRun(decision.run, 'running'), startedAt };
  }
  for (const id of ids) {
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

function endWhenComplete(
  decision: Decision,
  options: ReconcileOptions,
  hold?: Hold,
) {
  const { run } = decision;
  const endedAt = options.now.toISOString();
  if (run.steps.some(s => s.state === 'running' || s.state === 'pending')) {
    keepGoing(decision, hold);
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
    decision.run = {
      ...moveRun(run, 'failed'),
      message,
      waitsFor: undefined,
      endedAt,
    };
    decision.events.push({ level: 'error', message });
  } else if (skipped > 0) {
    const message = stopMessage(run, skipped);
    decision.run = {
      ...moveRun(run, 'stopped'),
      message,
      waitsFor: undefined,
      endedAt,
    };
    decision.events.push({ level: 'warning', message });
  } else {
    decision.run = {
      ...moveRun(run, 'succeeded'),
      message: notProven(unproven),
      waitsFor: undefined,
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
    ? {
        level: 'info',
        message: `Succeeded: ${
          all === 1 ? 'its step is' : `all ${all} steps are`
        } proven`,
      }
    : {
        level: 'warning',
        message: `Succeeded: ${
          all - unproven.length
        } of ${all} steps are proven. ${message}`,
      };
}

function stopMessage(run: Run, skipped: number): string {
  const { decision, decidedBy, reason } = run.approval ?? {};
  return decision === 'rejected'
    ? `Rejected by ${decidedBy}${
        reason ? `: ${reason}` : ''
      }. Nothing was changed.`
    : `Stopped. ${skipped} of ${run.steps.length} not started; nothing was undone.`;
}

/** True for a run that may begin steps, were it their turn. */
export function goesOn({ state }: Pick<Run, 'state'>): boolean {
  return state === 'queued' || state === 'running' || state === 'waiting';
}

/** A run that is not over says where it is, and waits when everything in it does. */
function keepGoing(decision: Decision, hold: Hold | undefined) {
  const { run } = decision;
  const message = interimMessage(run) ?? hold?.message;
  if (!goesOn(run)) {
    decision.run = { ...run, message, waitsFor: undefined };
    return;
  }
  const wait = hold?.wait ?? changeWait(run);
  if (hold?.wait && hold.wait.message !== run.waitsFor?.message) {
    decision.events.push({ level: 'info', message: hold.wait.message });
  }
  if (wait) {
    decision.run = { ...moveRun(run, 'waiting'), message, waitsFor: wait };
  } else {
    const goes = run.startedAt === undefined ? run : moveRun(run, 'running');
    decision.run = { ...goes, message, waitsFor: undefined };
  }
}

/** Somebody has to make a change elsewhere before anything that is under way goes on. */
function changeWait(run: Run): RunWait | undefined {
  const running = run.steps.filter(step => step.state === 'running');
  const [first] = running;
  return first && running.every(({ track }) => track.waiting)
    ? {
        kind: 'change',
        message: `${first.cluster}, ${first.title}: ${first.message}`,
      }
    : undefined;
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
