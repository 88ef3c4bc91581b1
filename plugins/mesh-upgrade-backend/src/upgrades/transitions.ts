import { ConflictError } from '@backstage/errors';
import type {
  RunState,
  StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Where a run may go from each state; final states lead nowhere. */
export const RUN_TRANSITIONS: Record<RunState, readonly RunState[]> = {
  // Failed from here: what was planned no longer fits when its time comes.
  queued: ['running', 'waiting', 'paused', 'stopping', 'failed'],
  running: ['waiting', 'paused', 'stopping', 'succeeded', 'failed'],
  waiting: ['running', 'paused', 'stopping', 'succeeded', 'failed'],
  // A pause that comes too late to hold anything back leaves a complete run.
  paused: ['queued', 'running', 'stopping', 'succeeded', 'failed'],
  // A stop that comes too late to skip anything leaves a complete run.
  stopping: ['stopped', 'succeeded', 'failed'],
  succeeded: [],
  failed: [],
  stopped: [],
};

/** Where a step may go from each state. */
export const STEP_TRANSITIONS: Record<StepState, readonly StepState[]> = {
  pending: ['running', 'skipped'],
  // Skipped while running: the run was stopped before anything was written.
  running: ['succeeded', 'failed', 'skipped'],
  succeeded: [],
  failed: [],
  skipped: [],
};

/**
 * Returns the run, or step, in its next state; staying is always allowed.
 *
 * @throws ConflictError when the table has no such way.
 */
export function moveRun<T extends { id: string; state: RunState }>(
  run: T,
  state: RunState,
): T {
  return move(run, state, RUN_TRANSITIONS, 'Run');
}

/** See {@link moveRun}. */
export function moveStep<T extends { id: string; state: StepState }>(
  step: T,
  state: StepState,
): T {
  return move(step, state, STEP_TRANSITIONS, 'Step');
}

/** True when nothing leads out of the state. */
export function isFinalRunState(state: RunState): boolean {
  return RUN_TRANSITIONS[state].length === 0;
}

/** True when nothing leads out of the state. */
export function isFinalStepState(state: StepState): boolean {
  return STEP_TRANSITIONS[state].length === 0;
}

function move<S extends string, T extends { id: string; state: S }>(
  subject: T,
  state: S,
  table: Record<S, readonly S[]>,
  what: string,
): T {
  if (subject.state === state) {
    return subject;
  }
  if (!table[subject.state].includes(state)) {
    throw new ConflictError(
      `${what} '${subject.id}' is ${subject.state} and cannot become ${state}`,
    );
  }
  return { ...subject, state };
}
