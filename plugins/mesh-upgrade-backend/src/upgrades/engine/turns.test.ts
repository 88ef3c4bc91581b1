import type { RunWait } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import fc from 'fast-check';
import { DEFAULT_POLICY, type RunPolicy } from '../schedule/RunPolicy';
import { isOpen, windowsFor } from '../schedule/windows';
import { newStep, storedRun } from '../testing/runs';
import { isFinalRunState } from '../transitions';
import type { Run, Step } from '../types';
import { reconcile, type StepReport } from './reconcile';
import type { Revalidation } from './turnOf';

const MINUTE = 60_000;
/** A Sunday, at midnight. */
const START = Date.parse('2026-11-01T00:00:00Z');
const BOB = 'user:default/bob';

const nights: RunPolicy = {
  ...DEFAULT_POLICY,
  windows: [
    {
      name: 'nights',
      days: [1, 2, 3, 4, 5, 6, 7],
      from: 22 * 60,
      to: 4 * 60,
      timeZone: 'UTC',
    },
  ],
};

function pass(
  run: Run,
  options: {
    now?: number;
    policy?: RunPolicy;
    revalidation?: Revalidation;
    /** What the running steps look like. */
    seen?: 'moving' | 'done' | 'waiting';
  } = {},
) {
  const { now = START, policy = DEFAULT_POLICY, seen = 'moving' } = options;
  const report: StepReport = {
    kind: 'seen',
    observation: { state: seen, message: 'rolling' },
  };
  return reconcile(
    run,
    new Map(
      run.steps
        .filter(step => step.state === 'running')
        .map(step => [step.id, report]),
    ),
    {
      now: new Date(now),
      policy,
      revalidation: options.revalidation,
      intend: () => ({}),
    },
  );
}

function steps(...about: Partial<Step>[]): Step[] {
  return about.map((each, i) => newStep({ id: `${i + 1}`, ...each }));
}

const states = (run: Run) => run.steps.map(step => step.state);

describe('turns', () => {
  it('wait for an approval, a time and a window, and begin when nothing is left to wait for', () => {
    const startAt = new Date(START + 20 * 60 * MINUTE).toISOString();
    const asked = storedRun({ startAt, approval: {} });
    const waits: (RunWait | undefined)[] = [];
    const at = (hour: number, run: Run) => {
      const decision = pass(run, {
        now: START + hour * 60 * MINUTE,
        policy: nights,
        revalidation: { kind: 'fits' },
      });
      waits.push(decision.run.waitsFor);
      return decision;
    };
    const first = at(1, asked);
    expect(first.run.state).toBe('waiting');
    expect(first.events.map(e => e.message)).toEqual([
      expect.stringMatching(/approval/),
    ]);
    expect(at(1, first.run).events).toEqual([]);
    const approved: Run = {
      ...first.run,
      approval: { decision: 'approved', decidedBy: BOB },
    };
    const second = at(2, approved);
    const third = at(21, second.run);
    const fourth = at(22, third.run);
    expect(waits).toMatchObject([
      { kind: 'approval' },
      { kind: 'approval' },
      { kind: 'time', until: startAt },
      { kind: 'window', until: '2026-11-01T22:00:00.000Z' },
      undefined,
    ]);
    expect(fourth.run).toMatchObject({ state: 'running' });
    expect(states(fourth.run)).toEqual(['running']);
    expect(fourth.events.map(e => e.message)).toEqual([
      expect.stringMatching(/checked again.*still fits/),
      expect.stringMatching(/begins$/),
    ]);
  });

  it('end with the window: what is under way finishes, nothing else begins, proofs are still made', () => {
    const closing = Date.parse('2026-11-02T04:00:00Z');
    const begun = pass(
      storedRun({
        createdAt: new Date(closing).toISOString(),
        steps: steps({}, { cluster: 'prod-us' }, { phase: 'healthCheck' }),
      }),
      { now: closing - 1, policy: nights },
    );
    const under = { now: closing, policy: nights };
    const moving = pass(begun.run, under);
    expect(moving.run).toMatchObject({ state: 'running', waitsFor: undefined });
    const held = pass(moving.run, { ...under, seen: 'done' });
    expect(states(held.run)).toEqual(['succeeded', 'pending', 'pending']);
    expect(held.run).toMatchObject({
      state: 'waiting',
      waitsFor: { kind: 'window', until: '2026-11-02T22:00:00.000Z' },
      message: expect.stringContaining("'nights' opens at"),
    });
    const later = { now: closing + 18 * 60 * MINUTE, policy: nights };
    const second = pass(held.run, later);
    expect(states(second.run)).toEqual(['succeeded', 'running', 'pending']);
    const proving = pass(second.run, { ...under, seen: 'done' });
    expect(states(proving.run)).toEqual(['succeeded', 'succeeded', 'running']);
  });

  it('go on where a window is open while another cluster has to wait', () => {
    const [window] = nights.windows;
    const policy: RunPolicy = {
      ...nights,
      windows: [{ ...window, clusters: ['prod-eu'] }],
    };
    const { run } = pass(
      storedRun({
        kind: 'sidecars',
        createdAt: new Date(START + 12 * 60 * MINUTE).toISOString(),
        steps: steps({}, {}, {}, { cluster: 'prod-us' }),
      }),
      { now: START + 12 * 60 * MINUTE, policy },
    );
    expect(states(run)).toEqual(['pending', 'pending', 'pending', 'running']);
  });

  it('never come while the configuration cannot be read', () => {
    const policy = { ...DEFAULT_POLICY, problem: 'windows.0.from: 25:00' };
    const { run } = pass(storedRun(), { policy });
    expect(run).toMatchObject({
      state: 'waiting',
      message: expect.stringMatching(/configuration.*25:00/),
    });
    expect(run.waitsFor?.until).toBeUndefined();
  });

  it('come to other clusters when a canary is proven, and to several at once where that is wanted', () => {
    let run = storedRun({
      steps: steps(
        { cluster: 'canary' },
        { cluster: 'a', stage: 1 },
        { cluster: 'a', stage: 1 },
        { cluster: 'b', stage: 1 },
        { cluster: 'c', stage: 1 },
        { cluster: 'canary', phase: 'healthCheck' },
        { cluster: 'a', stage: 1, phase: 'healthCheck' },
      ),
    });
    const course: string[] = [];
    while (!isFinalRunState(run.state)) {
      ({ run } = pass(run, {
        policy: { ...DEFAULT_POLICY, clustersAtOnce: 2 },
        seen: 'done',
      }));
      course.push(
        run.steps
          .filter(step => step.state === 'running')
          .map(step => step.id)
          .join(' '),
      );
    }
    expect(course).toEqual(['1', '6', '2 4', '3 5', '7', '']);
    expect(run.state).toBe('succeeded');
  });

  it('end before the first write when the plan no longer fits after a wait', () => {
    const now = START + 2 * MINUTE;
    const asked = pass(storedRun(), { now });
    expect(asked.run).toMatchObject({
      state: 'queued',
      message: expect.stringMatching(/checked again/),
    });
    const delayed = pass(asked.run, {
      now,
      revalidation: { kind: 'delayed', why: 'prod-eu does not answer' },
    });
    expect(delayed.run).toMatchObject({
      state: 'queued',
      message: expect.stringMatching(/prod-eu does not answer/),
    });
    const refused = pass(delayed.run, {
      now,
      revalidation: { kind: 'refused', why: 'The clusters have changed' },
    });
    expect(refused.run).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(/Nothing was changed.*have changed/),
    });
    expect(states(refused.run)).toEqual(['skipped']);
    expect(refused.events.map(e => e.level)).toEqual(['error']);
  });

  it('are over with a rejection, in the words of who rejected', () => {
    const { run } = pass(
      storedRun({
        state: 'stopping',
        approval: { decision: 'rejected', decidedBy: BOB, reason: 'not today' },
      }),
    );
    expect(run).toMatchObject({
      state: 'stopped',
      message: `Rejected by ${BOB}: not today. Nothing was changed.`,
    });
  });

  it('are never taken early, whatever is asked for and configured', () => {
    const minute = fc.integer({ min: 0, max: 1440 });
    const policies: fc.Arbitrary<RunPolicy> = fc.record({
      windows: fc.array(
        fc.record({
          name: fc.constant('any'),
          clusters: fc.option(fc.constantFrom(['a'], ['b', 'c']), {
            nil: undefined,
          }),
          days: fc.constant(nights.windows[0].days),
          from: minute.filter(value => value < 1440),
          to: minute,
          timeZone: fc.constant('UTC'),
        }),
        { maxLength: 2 },
      ),
      canaryClusters: fc.constant([]),
      clustersAtOnce: fc.integer({ min: 1, max: 3 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
      stepTimeoutMs: fc.constant(10 * MINUTE),
    });
    const runs = fc
      .record({
        kind: fc.constantFrom('mesh' as const, 'sidecars' as const),
        startsAfter: fc.option(fc.nat(600), { nil: undefined }),
        steps: fc.array(
          fc.record({
            cluster: fc.constantFrom('a', 'b', 'c'),
            stage: fc.nat(2),
            phase: fc.constantFrom('upgrade' as const, 'healthCheck' as const),
          }),
          { minLength: 1, maxLength: 8 },
        ),
      })
      .map(({ kind, startsAfter, steps: about }) =>
        storedRun({
          kind,
          startAt:
            startsAfter === undefined
              ? undefined
              : new Date(START + startsAfter * MINUTE).toISOString(),
          steps: steps(...about),
        }),
      );
    const ticks = fc.array(
      fc.record({
        minutes: fc.nat(240),
        seen: fc.constantFrom('moving' as const, 'done' as const),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(policies, runs, ticks, (policy, first, course) => {
        let run = first;
        let now = START;
        for (const { minutes, seen } of course) {
          now += minutes * MINUTE;
          const before = run;
          ({ run } = pass(before, {
            now,
            policy: { ...policy, stepTimeoutMs: Infinity },
            seen,
            revalidation: { kind: 'fits' },
          }));
          for (const step of begunBetween(before, run)) {
            expect(now).toBeGreaterThanOrEqual(Date.parse(run.startAt ?? '0'));
            expect(mayBegin(step, run, policy, new Date(now))).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

function begunBetween(before: Run, after: Run): Step[] {
  return after.steps.filter(
    (step, i) =>
      step.state === 'running' && before.steps[i].state === 'pending',
  );
}

function mayBegin(step: Step, run: Run, policy: RunPolicy, now: Date) {
  const { kind, meshes } = run;
  const windows = windowsFor(policy.windows, {
    kind,
    meshes,
    cluster: step.cluster,
  });
  const isInWindow =
    step.phase === 'healthCheck' ||
    windows.length === 0 ||
    windows.some(window => isOpen(window, now));
  const isProven = run.steps
    .filter(other => other.stage! < step.stage!)
    .every(other => other.state === 'succeeded');
  const busy = new Set(
    run.steps
      .filter(s => s.state === 'running' && s.phase === 'upgrade')
      .map(s => s.cluster),
  );
  const isWithinLimit =
    kind === 'sidecars' || busy.size <= policy.clustersAtOnce;
  return isInWindow && isProven && isWithinLimit;
}
