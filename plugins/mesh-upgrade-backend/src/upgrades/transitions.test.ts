import {
  isFinalRunState,
  isFinalStepState,
  moveRun,
  moveStep,
  RUN_TRANSITIONS,
  STEP_TRANSITIONS,
} from './transitions';
import { FINAL_RUN_STATES } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  RunState,
  StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

const RUN_STATES = Object.keys(RUN_TRANSITIONS) as RunState[];
const STEP_STATES = Object.keys(STEP_TRANSITIONS) as StepState[];

/** Every way there is; all others are refused. */
const RUN_WAYS = [
  'queued running',
  'queued waiting',
  'queued failed',
  'queued paused',
  'queued stopping',
  'running waiting',
  'running paused',
  'running stopping',
  'running succeeded',
  'running failed',
  'waiting running',
  'waiting paused',
  'waiting stopping',
  'waiting succeeded',
  'waiting failed',
  'paused queued',
  'paused running',
  'paused stopping',
  'paused succeeded',
  'paused failed',
  'stopping stopped',
  'stopping succeeded',
  'stopping failed',
];
const STEP_WAYS = [
  'pending running',
  'pending skipped',
  'running succeeded',
  'running failed',
  'running skipped',
];

/** The ways among all pairs of states that are not refused, as the lists above name them. */
function waysAmong<S extends string>(
  states: S[],
  move: (subject: { id: string; state: S }, to: S) => { state: S },
): string[] {
  return states.flatMap(from =>
    states
      .filter(
        to =>
          to !== from && reaches(() => move({ id: 'x', state: from }, to), to),
      )
      .map(to => `${from} ${to}`),
  );
}

function reaches(move: () => { state: string }, to: string): boolean {
  try {
    return move().state === to;
  } catch {
    return false;
  }
}

describe('transitions', () => {
  it('allow these ways and no others', () => {
    expect(waysAmong(RUN_STATES, moveRun).sort()).toEqual(RUN_WAYS.sort());
    expect(waysAmong(STEP_STATES, moveStep).sort()).toEqual(STEP_WAYS.sort());
  });

  it('allow staying, which changes nothing', () => {
    const run = { id: 'r1', state: 'failed' as const };
    expect(moveRun<{ id: string; state: RunState }>(run, 'failed')).toBe(run);
  });

  it('name who cannot go where', () => {
    expect(() =>
      moveRun<{ id: string; state: RunState }>(
        { id: 'r1', state: 'succeeded' },
        'running',
      ),
    ).toThrow("Run 'r1' is succeeded and cannot become running");
  });

  it('know the final states', () => {
    expect(RUN_STATES.filter(isFinalRunState)).toEqual(FINAL_RUN_STATES);
    expect(STEP_STATES.filter(isFinalStepState)).toEqual([
      'succeeded',
      'failed',
      'skipped',
    ]);
  });
});
