import { backoffDelay, Pause } from './Pause';

const POLICY = { initialMs: 500, maxMs: 30_000 };

describe('backoffDelay', () => {
  it('doubles up to its bound, whatever the number of attempts', () => {
    const middle = (attempt: number) =>
      backoffDelay(POLICY, attempt, () => 0.5);
    expect([1, 2, 3, 4].map(middle)).toEqual([500, 1_000, 2_000, 4_000]);
    expect([7, 8, 1_000, 1e9].map(middle)).toEqual([
      30_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('spreads clusters that failed at the same moment over half of the delay', () => {
    expect(backoffDelay(POLICY, 3, () => 0)).toBe(1_500);
    expect(backoffDelay(POLICY, 3, () => 1)).toBe(2_500);
    const delays = Array.from({ length: 50 }, () => backoffDelay(POLICY, 3));
    expect(new Set(delays).size).toBeGreaterThan(25);
  });
});

describe('Pause', () => {
  it('ends early when woken or when all is over', async () => {
    const pause = new Pause();
    const stop = new AbortController();
    const woken = pause.wait(60_000, stop.signal);
    pause.wake();
    await expect(woken).resolves.toBeUndefined();
    const stopped = pause.wait(60_000, stop.signal);
    stop.abort();
    await expect(stopped).resolves.toBeUndefined();
  });
});
