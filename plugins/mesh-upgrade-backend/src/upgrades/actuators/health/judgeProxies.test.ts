import type { ConnectedBefore } from './connectedProxies';
import { judgeProxies, type ProxyCourse } from './judgeProxies';

const START = Date.parse('2026-11-01T00:00:00Z');

function look(
  counts: { connected: number; pushes?: number; errors?: number },
  options: { before: ConnectedBefore; course?: ProxyCourse; seconds: number },
) {
  return judgeProxies(
    { proxies: new Map(), pushes: 0, errors: 0, ...counts },
    { ...options, now: new Date(START + options.seconds * 1000) },
  );
}

describe('judgeProxies', () => {
  it('is content when nearly all came back and pushes succeed between two looks', () => {
    const first = look(
      { connected: 8, pushes: 100 },
      { before: 10, seconds: 0 },
    );
    expect(first).toMatchObject({
      state: 'moving',
      message: '8 of 10 proxies are connected',
    });
    const second = look(
      { connected: 9, pushes: 200, errors: 5 },
      { before: 10, course: first.course, seconds: 2 },
    );
    expect(second).toMatchObject({
      state: 'done',
      message:
        '9 proxies are connected, 10 were before; 5 of 105 pushes failed in 2 s',
    });
  });

  it('waits as long as proxies come back, and fails three minutes after the last one', () => {
    let { course } = look({ connected: 1 }, { before: 100, seconds: 0 });
    for (const minute of [2, 4, 6]) {
      const seen = look(
        { connected: minute },
        { before: 100, course, seconds: minute * 60 },
      );
      expect(seen.state).toBe('moving');
      course = seen.course;
    }
    const end = look(
      { connected: 6 },
      { before: 100, course, seconds: 9 * 60 },
    );
    expect(end.state).toBe('failed');
    expect(end.message).toMatch(
      /^6 of 100 proxies are connected, and for 3 minutes .* istioctl proxy-status/,
    );
  });

  it('counts errors anew until they cease or three minutes are over', () => {
    const at = (seconds: number, errors: number, course?: ProxyCourse) =>
      look(
        { connected: 10, pushes: seconds * 10, errors },
        { before: 10, course, seconds },
      );
    const first = at(0, 0);
    const bad = at(2, 5, first.course);
    expect(bad).toMatchObject({ state: 'moving' });
    expect(at(4, 5, bad.course).state).toBe('done');
    const worse = at(200, 500, bad.course);
    expect(worse).toMatchObject({ state: 'failed' });
    expect(worse.message).toContain('495 of 2475 pushes failed in 198 s');
  });

  it('starts to count again when a replica took its counters with it', () => {
    const first = look(
      { connected: 5, pushes: 900 },
      { before: 5, seconds: 0 },
    );
    const restarted = look(
      { connected: 5, pushes: 10 },
      { before: 5, course: first.course, seconds: 5 },
    );
    expect(restarted.state).toBe('moving');
    expect(
      look(
        { connected: 5, pushes: 20 },
        { before: 5, course: restarted.course, seconds: 7 },
      ).message,
    ).toContain('0 of 10 pushes failed in 2 s');
  });

  it('proves nothing without knowing how many there were, where there were any', () => {
    const { course } = look({ connected: 3 }, { before: 'none', seconds: 0 });
    const at = (before: ConnectedBefore) =>
      look({ connected: 3 }, { before, course, seconds: 2 });
    expect(at('none')).toMatchObject({
      state: 'done',
      message: '3 proxies are connected; 0 of 0 pushes failed in 2 s',
    });
    expect(at('unknown')).toMatchObject({
      state: 'unproven',
      message:
        '3 proxies are connected; 0 of 0 pushes failed in 2 s; how many were connected before is not known',
    });
  });
});
