import { moveStep } from '../transitions';
import type { NewRunEvent, Step, StepObservation } from '../types';
import type { StepFailure } from './stepFailure';

const MAX_BACKOFF_MS = 30_000;
/** How often the cluster is asked whether somebody has made a change elsewhere. */
const WAITING_PAUSE_MS = 5_000;

/** True when a running step is to be looked at now. */
export function isDue(step: Step, now: Date): boolean {
  const { retryAt } = step.track;
  return (
    step.state === 'running' &&
    (retryAt === undefined || Date.parse(retryAt) <= now.getTime())
  );
}

/** The step after one look at the cluster. */
export function withObservation(
  step: Step,
  observation: StepObservation,
  now: Date,
): Step {
  const { progress } = observation;
  const mark = `${observation.state} ${progress?.done ?? ''}/${
    progress?.total ?? ''
  }`;
  const moved = mark !== step.track.mark;
  // A write that keeps failing keeps its back-off, however well reading works.
  const refused = observation.state === 'wanting' && step.track.errors > 0;
  return {
    ...step,
    message: refused ? step.message : observation.message,
    progress: progress ?? step.progress,
    detail: observation.detail ?? step.detail,
    track: {
      ...step.track,
      errors: refused ? step.track.errors : 0,
      retryAt:
        observation.state === 'waiting'
          ? new Date(now.getTime() + WAITING_PAUSE_MS).toISOString()
          : undefined,
      mark,
      movedAt: moved ? now.toISOString() : step.track.movedAt,
      waiting: observation.state === 'waiting',
      hindered: observation.problem !== undefined,
    },
  };
}

/** The step after a failed request: over, or waiting longer with each failure in a row. */
export function afterFailure(
  step: Step,
  failure: StepFailure,
  now: Date,
  events: NewRunEvent[],
): Step {
  if (!failure.transient) {
    return end(step, 'failed', failure.message, now, events);
  }
  const errors = step.track.errors + 1;
  const delay = failure.retryAfterSeconds
    ? failure.retryAfterSeconds * 1000
    : Math.min(MAX_BACKOFF_MS, 1000 * 2 ** (errors - 1));
  const message = `Waiting to try again: ${failure.message}`;
  if (message !== step.message) {
    events.push({ stepId: step.id, level: 'warning', message });
  }
  return {
    ...step,
    message,
    track: {
      ...step.track,
      errors,
      retryAt: new Date(now.getTime() + delay).toISOString(),
    },
  };
}

/** Fails a step that has stood still for too long. */
export function timedOut(
  step: Step,
  options: { now: Date; stepTimeoutMs: number },
  events: NewRunEvent[],
): Step {
  const since = step.track.movedAt ?? step.startedAt;
  if (step.state !== 'running' || step.track.waiting || since === undefined) {
    return step;
  }
  if (options.now.getTime() - Date.parse(since) < options.stepTimeoutMs) {
    return step;
  }
  return end(
    step,
    'failed',
    `No progress for ${inWords(options.stepTimeoutMs)}. Last seen: ${
      step.message
    }`,
    options.now,
    events,
  );
}

function inWords(milliseconds: number): string {
  return milliseconds < 2 * 60_000
    ? `${Math.round(milliseconds / 1000)} seconds`
    : `${Math.round(milliseconds / 60_000)} minutes`;
}

/** Ends a step and says so. */
export function end(
  step: Step,
  state: 'succeeded' | 'failed' | 'skipped',
  message: string,
  now: Date,
  events: NewRunEvent[],
): Step {
  events.push({
    stepId: step.id,
    level: state === 'failed' ? 'error' : 'info',
    message: `${step.cluster}: ${step.title} ${state}. ${message}`,
  });
  return { ...moveStep(step, state), message, endedAt: now.toISOString() };
}
