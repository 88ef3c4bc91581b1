import fc from 'fast-check';
import { turnPause } from './turnPause';

const SETTINGS = { cadenceMs: 700, leaseMs: 15_000 };

describe('turnPause', () => {
  it('looks at few runs every cadence, at many seldom enough to leave room between them', () => {
    expect(turnPause(1, SETTINGS)).toBe(700);
    expect(turnPause(7, SETTINGS)).toBe(100);
    expect(turnPause(100, SETTINGS)).toBe(30);
  });

  it('has a turn for every run well within its lease, however many there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), runs => {
        const round = runs * turnPause(runs, SETTINGS);
        expect(round).toBeGreaterThanOrEqual(SETTINGS.cadenceMs - 1e-6);
        expect(round).toBeLessThanOrEqual(SETTINGS.leaseMs / 3 + 1e-6);
      }),
    );
  });
});
