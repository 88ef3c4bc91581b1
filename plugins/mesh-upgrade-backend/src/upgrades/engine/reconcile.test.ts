import fc from 'fast-check';
import { DEFAULT_POLICY } from '../schedule/RunPolicy';
import { newStep, storedRun } from '../testing/runs';
import { isFinalRunState, isFinalStepState } from '../transitions';
import type { Run, Step, StepObservation } from '../types';
import {
  reconcile,
  recordWrites,
  type Decision,
  type StepReport,
} from './reconcile';
import { isDue } from './stepCourse';
import type { StepFailure } from './stepFailure';

const START = Date.parse('2026-11-01T00:00:00Z');
const MINUTE = 60_000;

function options(now = START) {
  return {
    now: new Date(now),
    intend: (step: Step) => ({ fixedFor: step.id }),
    policy: DEFAULT_POLICY,
    revalidation: { kind: 'fits' as const },
  };
}

function seen(observation: Partial<StepObservation>): StepReport {
  return {
    kind: 'seen',
    observation: { state: 'moving', message: 'rolling', ...observation },
  };
}

function steps(count: number, overrides: Partial<Step> = {}): Step[] {
  return Array.from({ length: count }, (_, i) =>
    newStep({ id: `${i + 1}`, title: `step ${i + 1}`, ...overrides }),
  );
}

const all = (run: Run, report: StepReport) =>
  new Map(
    run.steps
      .filter(step => step.state === 'running')
      .map(step => [step.id, report]),
  );
const states = ({ run }: Decision) => run.steps.map(step => step.state);
const begin = (run: Run) => reconcile(run, new Map(), options());

describe('reconcile', () => {
  it('starts control planes one by one, health checks together afterwards', () => {
    let run = storedRun({
      steps: [
        ...steps(2),
        newStep({ id: '3', phase: 'healthCheck' }),
        newStep({ id: '4', phase: 'healthCheck' }),
      ],
    });
    const course: string[][] = [];
    while (!isFinalRunState(run.state)) {
      const decision = reconcile(
        run,
        all(run, seen({ state: 'done' })),
        options(),
      );
      course.push(states(decision));
      run = decision.run;
    }
    expect(course).toEqual([
      ['running', 'pending', 'pending', 'pending'],
      ['succeeded', 'running', 'pending', 'pending'],
      ['succeeded', 'succeeded', 'running', 'running'],
      ['succeeded', 'succeeded', 'succeeded', 'succeeded'],
    ]);
    expect(run.state).toBe('succeeded');
  });

  it('starts no workload after one failed, waits for the others, then fails with a sentence', () => {
    const first = begin(storedRun({ kind: 'sidecars', steps: steps(5) }));
    expect(states(first).filter(s => s === 'running')).toHaveLength(3);
    const second = reconcile(
      first.run,
      new Map([
        ['1', seen({ state: 'failed', message: 'ImagePullBackOff' })],
        ['2', seen({})],
        ['3', seen({})],
      ]),
      options(),
    );
    expect(states(second)).toEqual([
      'failed',
      'running',
      'running',
      'skipped',
      'skipped',
    ]);
    expect(second.run.state).toBe('running');
    const last = reconcile(
      second.run,
      all(second.run, seen({ state: 'done' })),
      options(),
    );
    expect(last.run).toMatchObject({
      state: 'failed',
      message:
        '1 of 5 failed. 2 not started. prod-eu, step 1: ImagePullBackOff',
    });
  });

  it('tells a problem once, when it begins', () => {
    let { run } = begin(storedRun({ steps: steps(1) }));
    const see = (message: string, problem?: string) => {
      const progress = { done: 0, total: 2 };
      const report = seen({ message, problem, progress });
      const decision = reconcile(run, all(run, report), options());
      run = decision.run;
      return decision.events.map(event => `${event.level} ${event.message}`);
    };
    expect(see('0 of 2')).toEqual(['info 0 of 2']);
    expect(see('0 of 2; ErrImagePull', 'ErrImagePull')).toEqual([
      'warning 0 of 2; ErrImagePull',
    ]);
    expect(see('0 of 2; ImagePullBackOff', 'ImagePullBackOff')).toEqual([]);
    expect(run.steps[0].message).toBe('0 of 2; ImagePullBackOff');
    expect(see('0 of 2')).toEqual([]);
    expect(see('0 of 2; CrashLoopBackOff', 'CrashLoopBackOff')).toHaveLength(1);
  });

  it('goes on past what cannot be proven, and says so in the end', () => {
    let { run } = begin(
      storedRun({
        steps: [
          ...steps(2),
          newStep({ id: '3', title: 'proxies', phase: 'healthCheck' }),
        ],
      }),
    );
    const see = (observation: Partial<StepObservation>) => {
      const decision = reconcile(run, all(run, seen(observation)), options());
      run = decision.run;
      return decision;
    };
    see({ state: 'unproven', message: 'no metrics' });
    see({ state: 'done' });
    const { events } = see({ state: 'unproven', message: 'no right' });
    expect(states({ run, actions: [], events })).toEqual([
      'skipped',
      'succeeded',
      'skipped',
    ]);
    const message =
      'Not proven: prod-eu, step 1: no metrics. prod-eu, proxies: no right';
    expect(run).toMatchObject({ state: 'succeeded', message });
    expect(events.at(-1)).toEqual({
      level: 'warning',
      message: `Succeeded: 1 of 3 steps are proven. ${message}`,
    });
  });

  it('ends at once on what is fatal', () => {
    const first = begin(storedRun({ kind: 'sidecars', steps: steps(5) }));
    const { run, actions } = reconcile(
      first.run,
      new Map([
        ['1', seen({ state: 'wanting' })],
        ['2', seen({ state: 'failed', message: 'no sidecar', fatal: true })],
        ['3', seen({})],
      ]),
      options(),
    );
    expect(run.state).toBe('failed');
    expect(run.steps.every(step => isFinalStepState(step.state))).toBe(true);
    expect(actions).toEqual([]);
  });

  it('does not write for a step that began right before the stop', () => {
    const { run } = begin(storedRun({ steps: steps(2) }));
    const decision = reconcile(
      { ...run, state: 'stopping' },
      all(run, seen({ state: 'wanting' })),
      options(),
    );
    expect(decision.actions).toEqual([]);
    expect(states(decision)).toEqual(['skipped', 'skipped']);
    expect(decision.run.state).toBe('stopped');
  });

  it('holds back the write of a step that began right before a pause, without counting it as a standstill', () => {
    const { run } = begin(storedRun({ steps: steps(2) }));
    const wants = all(run, seen({ state: 'wanting' }));
    const held = reconcile({ ...run, state: 'paused' }, wants, options());
    expect(held.actions).toEqual([]);
    expect(states(held)).toEqual(['running', 'pending']);
    expect(held.run.message).toBe('Pausing: 1 finish in Kubernetes, 1 wait');
    const anHourLater = START + 60 * MINUTE;
    const still = reconcile(held.run, wants, options(anHourLater));
    expect(states(still)).toEqual(['running', 'pending']);
    const resumed = reconcile(
      { ...still.run, state: 'running' },
      wants,
      options(anHourLater + MINUTE),
    );
    expect(resumed.actions).toEqual(['1']);
  });

  it('waits without a time-out for a change that is made elsewhere, and goes on after it', () => {
    let { run } = begin(storedRun({ steps: steps(2) }));
    const waits = seen({ state: 'waiting', message: 'Set version 2 in Git' });
    const events: string[] = [];
    for (const minutes of [0, 1, 600]) {
      const decision = reconcile(
        run,
        all(run, waits),
        options(START + minutes * MINUTE),
      );
      events.push(...decision.events.map(({ message }) => message));
      ({ run } = decision);
      expect(decision.actions).toEqual([]);
      expect(run).toMatchObject({
        state: 'waiting',
        message: expect.stringContaining('Set version 2 in Git'),
      });
    }
    expect(events).toHaveLength(1);
    expect(
      reconcile(
        { ...run, state: 'stopping' },
        all(run, waits),
        options(START + 601 * MINUTE),
      ).run,
    ).toMatchObject({ state: 'stopped' });
    const after = reconcile(
      run,
      all(run, seen({ state: 'done' })),
      options(START + 601 * MINUTE),
    );
    expect(after.run.state).toBe('running');
    expect(states(after)).toEqual(['succeeded', 'running']);
  });

  it('starts nothing while paused, and is complete when nothing was left to hold back', () => {
    const { run } = begin(storedRun({ steps: steps(2) }));
    const done = reconcile(
      { ...run, state: 'paused' },
      all(run, seen({ state: 'done' })),
      options(),
    );
    expect(states(done)).toEqual(['succeeded', 'pending']);
    expect(done.run.message).toBe('Paused: 1 of 2 wait');
    const single = begin(storedRun());
    expect(
      reconcile(
        { ...single.run, state: 'paused' },
        all(single.run, seen({ state: 'done' })),
        options(),
      ).run.state,
    ).toBe('succeeded');
  });

  it('is complete when a stop came too late to skip anything', () => {
    const { run } = begin(storedRun());
    const decision = reconcile(
      { ...run, state: 'stopping' },
      all(run, seen({ state: 'done' })),
      options(),
    );
    expect(decision.run.state).toBe('succeeded');
  });

  it('gives a step that moves as long as it needs, and one that stands still ten minutes', () => {
    let { run } = begin(storedRun());
    for (let minute = 9; minute <= 45; minute += 9) {
      const progress = { done: minute, total: 100 };
      const now = START + minute * MINUTE;
      ({ run } = reconcile(run, all(run, seen({ progress })), options(now)));
      expect(run.state).toBe('running');
    }
    const still = seen({
      progress: { done: 45, total: 100 },
      message: '45 of 100 pods; cart-1: Insufficient cpu',
    });
    const late = options(START + 55 * MINUTE);
    expect(reconcile(run, all(run, still), late).run).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(
        /No progress for 10 minutes.*Insufficient cpu/,
      ),
    });
  });

  it('backs off longer with every failure of a write, even while reading works', () => {
    let { run } = begin(storedRun());
    const failure = { message: 'too many requests', transient: true };
    const delays: number[] = [];
    let now = START;
    for (let i = 0; i < 7; i++) {
      const wanting = all(run, seen({ state: 'wanting' }));
      const decision = reconcile(run, wanting, options(now));
      expect(decision.actions).toEqual(['1']);
      ({ run } = recordWrites(
        decision.run,
        new Map([['1', failure]]),
        new Date(now),
      ));
      const next = Date.parse(run.steps[0].track.retryAt!);
      expect(isDue(run.steps[0], new Date(next - 1))).toBe(false);
      delays.push((next - now) / 1000);
      now = next;
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  it('gives up on a change that something else undoes again and again', () => {
    let { run } = begin(storedRun());
    let writes = 0;
    while (run.state === 'running') {
      const wanting = all(run, seen({ state: 'wanting', message: 'gone' }));
      const decision = reconcile(run, wanting, options());
      writes += decision.actions.length;
      const outcomes = new Map(decision.actions.map(id => [id, undefined]));
      ({ run } = recordWrites(decision.run, outcomes, new Date(START)));
    }
    expect(writes).toBe(3);
    expect(run.message).toMatch(/undone each time by something else/);
  });

  describe('whatever is observed, in whatever order', () => {
    const observation = fc.record({
      kind: fc.constant('seen' as const),
      observation: fc.record({
        state: fc.constantFrom(
          'wanting' as const,
          'waiting' as const,
          'moving' as const,
          'moving' as const,
          'done' as const,
          'unproven' as const,
          'failed' as const,
        ),
        message: fc.constantFrom('a', 'b'),
        progress: fc.option(
          fc.record({ done: fc.nat(3), total: fc.constant(3) }),
          { nil: undefined },
        ),
        fatal: fc.constantFrom(false, false, false, true),
      }),
    });
    const failure: fc.Arbitrary<StepFailure> = fc.record({
      message: fc.constant('no'),
      transient: fc.constantFrom(true, true, true, false),
    });
    const report: fc.Arbitrary<StepReport> = fc.oneof(
      { weight: 5, arbitrary: observation },
      {
        weight: 1,
        arbitrary: failure.map(f => ({ kind: 'failure' as const, failure: f })),
      },
    );
    const tick = fc.record({
      reports: fc.array(report, { minLength: 6, maxLength: 6 }),
      writeFails: fc.boolean(),
      wish: fc.constantFrom(
        undefined,
        undefined,
        undefined,
        'pause' as const,
        'resume' as const,
        'stop' as const,
      ),
      seconds: fc.nat(40),
    });
    const start = fc
      .record({
        kind: fc.constantFrom('mesh' as const, 'sidecars' as const),
        count: fc.integer({ min: 1, max: 6 }),
        checks: fc.nat(3),
      })
      .map(({ kind, count, checks }) =>
        storedRun({
          kind,
          steps: steps(count).map((step, i) => ({
            ...step,
            phase:
              kind === 'mesh' && i >= count - checks
                ? ('healthCheck' as const)
                : ('upgrade' as const),
          })),
        }),
      );

    it('never leaves a final state, acts before intent, or starts after a stop or in a pause', () => {
      fc.assert(
        fc.property(
          start,
          fc.array(tick, { maxLength: 40 }),
          (first, ticks) => {
            let run = first;
            let now = START;
            expect(
              states({ run: first, actions: [], events: [] }),
            ).not.toContain('running');
            for (const { reports, writeFails, wish, seconds } of ticks) {
              now += seconds * 1000;
              run = wished(run, wish);
              const before = run;
              const at = new Date(now);
              const due = before.steps.filter(step => isDue(step, at));
              const decision = reconcile(
                before,
                new Map(
                  due.map(step => [step.id, reports[Number(step.id) - 1]]),
                ),
                options(now),
              );
              const outcomes = new Map(
                decision.actions.map(id => [
                  id,
                  writeFails ? { message: 'no', transient: true } : undefined,
                ]),
              );
              ({ run } = recordWrites(decision.run, outcomes, at));
              assertSound(before, decision, run);
            }
          },
        ),
        { numRuns: 500 },
      );
    });

    it('always ends when every step does', () => {
      fc.assert(
        fc.property(
          start,
          fc.array(tick, { maxLength: 10 }),
          (first, ticks) => {
            let run = first;
            let now = START;
            for (const { reports } of ticks) {
              now += 1000;
              const given = new Map(
                run.steps.map((step, i) => [step.id, reports[i]]),
              );
              ({ run } = reconcile(run, given, options(now)));
            }
            for (let i = 0; i < 20; i++) {
              ({ run } = reconcile(
                run,
                all(run, seen({ state: 'done' })),
                options(now),
              ));
            }
            expect(isFinalRunState(run.state)).toBe(true);
          },
        ),
      );
    });

    /** The run after somebody pressed a button, as the store would show it. */
    function wished(run: Run, wish?: 'pause' | 'resume' | 'stop'): Run {
      const open = ['queued', 'running', 'waiting'].includes(run.state);
      if (wish === 'stop' && (open || run.state === 'paused')) {
        return { ...run, state: 'stopping' };
      }
      if (wish === 'pause' && open) {
        return { ...run, state: 'paused' };
      }
      if (wish === 'resume' && run.state === 'paused') {
        return { ...run, state: run.startedAt ? 'running' : 'queued' };
      }
      return run;
    }

    function assertSound(before: Run, decision: Decision, after: Run) {
      const { actions, run } = decision;
      if (isFinalRunState(before.state)) {
        expect(after).toEqual(before);
        expect(actions).toEqual([]);
      }
      if (isFinalRunState(run.state)) {
        expect(run.steps.every(s => isFinalStepState(s.state))).toBe(true);
      }
      for (const id of actions) {
        // Recorded by an earlier decision, which was stored before this one.
        expect(before.steps.find(s => s.id === id)?.intent).toBeDefined();
      }
      before.steps.forEach((step, i) => {
        const next = after.steps[i];
        if (isFinalStepState(step.state)) {
          expect(next).toBe(step);
        }
        if (step.intent) {
          expect(next.intent).toEqual(step.intent);
        }
        if (before.state === 'stopping' || before.state === 'paused') {
          expect([step.state, next.state]).not.toEqual(['pending', 'running']);
          expect(actions).toEqual([]);
        }
      });
      const running = after.steps.filter(s => s.state === 'running');
      const upgrading = running.filter(s => s.phase === 'upgrade');
      expect(upgrading.length).toBeLessThanOrEqual(
        after.kind === 'mesh' ? 1 : 3,
      );
      if (running.some(s => s.phase === 'healthCheck')) {
        expect(
          after.steps
            .filter(s => s.phase === 'upgrade')
            .every(s => s.state === 'succeeded' || s.track.unproven),
        ).toBe(true);
      }
    }
  });
});
