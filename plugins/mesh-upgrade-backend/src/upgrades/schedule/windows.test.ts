import fc from 'fast-check';
import type { UpgradeWindow, Weekday } from './RunPolicy';
import { isOpen, nextOpening, windowsFor } from './windows';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EVERY_DAY: Weekday[] = [1, 2, 3, 4, 5, 6, 7];

function window(
  from: string,
  to: string,
  overrides: Partial<UpgradeWindow> = {},
): UpgradeWindow {
  const minutes = (text: string) => {
    const [hour, minute] = text.split(':').map(Number);
    return hour * 60 + minute;
  };
  return {
    name: 'nights',
    days: EVERY_DAY,
    from: minutes(from),
    to: minutes(to),
    timeZone: 'Europe/Berlin',
    ...overrides,
  };
}

const nights = window('22:00', '04:00', { days: [5] });
/** Berlin goes from 02:00 to 03:00 on 2026-03-29, at 01:00 UTC. */
const spring = window('02:30', '04:00');
const skipped = window('02:15', '02:45');
const upset = window('02:30', '03:15');
/** Berlin goes from 03:00 to 02:00 on 2026-10-25, at 01:00 UTC. */
const autumn = window('02:15', '02:45');
const long = window('01:00', '05:00');
const newYork = window('22:00', '23:00', { timeZone: 'America/New_York' });
const wholeDay = window('00:00', '24:00', { days: [1] });
const untilSame = window('06:00', '06:00', { days: [1] });

describe('windows', () => {
  it.each<[string, UpgradeWindow, string, boolean]>([
    ['Friday before it opens', nights, '2026-11-20T20:59:59Z', false],
    ['Friday as it opens', nights, '2026-11-20T21:00:00Z', true],
    ['Saturday after midnight', nights, '2026-11-21T02:59:59Z', true],
    ['Saturday as it closes', nights, '2026-11-21T03:00:00Z', false],
    ['Saturday evening', nights, '2026-11-21T21:30:00Z', false],
    [
      'Friday after midnight, which is Thursday',
      nights,
      '2026-11-20T01:00:00Z',
      false,
    ],
    ['in summer, two hours from UTC', nights, '2026-07-03T20:00:00Z', true],
    [
      'a beginning that is skipped comes an hour later',
      spring,
      '2026-03-29T01:29:00Z',
      false,
    ],
    ['and then it is open', spring, '2026-03-29T01:30:00Z', true],
    ['it closes by the new time', spring, '2026-03-29T02:00:00Z', false],
    [
      'one that is skipped comes an hour later',
      skipped,
      '2026-03-29T01:20:00Z',
      true,
    ],
    ['and lasts as long', skipped, '2026-03-29T01:45:00Z', false],
    [
      'one whose beginning is skipped past its end is left out',
      upset,
      '2026-03-29T01:20:00Z',
      false,
    ],
    [
      'of an hour that comes twice, the first',
      autumn,
      '2026-10-25T00:20:00Z',
      true,
    ],
    ['and not the second', autumn, '2026-10-25T01:20:00Z', false],
    ['a night that is an hour longer', long, '2026-10-25T03:59:00Z', true],
    ['and ends by the new time', long, '2026-10-25T04:00:00Z', false],
    ['another zone', newYork, '2026-11-21T03:30:00Z', true],
    ['another zone, closed', newYork, '2026-11-21T04:00:00Z', false],
    [
      'a whole day from its first moment',
      wholeDay,
      '2026-11-22T23:00:00Z',
      true,
    ],
    ['to its last', wholeDay, '2026-11-23T23:00:00Z', false],
    [
      'from and to alike is a day and night',
      untilSame,
      '2026-11-24T04:59:00Z',
      true,
    ],
    ['and no longer', untilSame, '2026-11-24T05:00:00Z', false],
  ])('%s', (_, one, now, expected) => {
    expect(isOpen(one, new Date(now))).toBe(expected);
  });

  it.each<[string, UpgradeWindow, string, string]>([
    [
      'this evening',
      nights,
      '2026-11-20T12:00:00Z',
      '2026-11-20T21:00:00.000Z',
    ],
    [
      'the next one while it is open',
      nights,
      '2026-11-20T22:00:00Z',
      '2026-11-27T21:00:00.000Z',
    ],
    [
      'over the change of the clocks',
      nights,
      '2026-10-24T12:00:00Z',
      '2026-10-30T21:00:00.000Z',
    ],
    [
      'the day after one that is left out',
      window('02:30', '03:15', { days: [7] }),
      '2026-03-28T12:00:00Z',
      '2026-04-05T00:30:00.000Z',
    ],
  ])('opens next: %s', (_, one, now, expected) => {
    expect(nextOpening(one, new Date(now))?.toISOString()).toBe(expected);
  });

  it.each<[string, Partial<UpgradeWindow>, boolean]>([
    ['names nothing', {}, true],
    ['names the mesh', { meshes: ['pay', 'shop'] }, true],
    ['names another mesh', { meshes: ['pay'] }, false],
    ['names the cluster', { clusters: ['prod-eu'] }, true],
    ['names another cluster', { clusters: ['prod-us'] }, false],
    ['names the kind', { kinds: ['sidecars', 'mesh'] }, true],
    ['names another kind', { kinds: ['sidecars'] }, false],
    [
      'names one that fits and one that does not',
      { meshes: ['shop'], kinds: ['sidecars'] },
      false,
    ],
  ])('holds for a step when it %s', (_, overrides, expected) => {
    const one = window('22:00', '04:00', overrides);
    const found = windowsFor([one], {
      kind: 'mesh',
      meshes: ['shop', 'other'],
      cluster: 'prod-eu',
    });
    expect(found).toEqual(expected ? [one] : []);
  });

  describe('whatever is configured, wherever, whenever', () => {
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'America/Sao_Paulo',
      'UTC',
    );
    const anyWindow = fc.record({
      name: fc.constant('any'),
      days: fc.subarray(EVERY_DAY, { minLength: 1 }),
      from: fc.integer({ min: 0, max: 1439 }),
      to: fc.integer({ min: 0, max: 1440 }),
      timeZone: zone,
    });
    const anyTime = fc
      .integer({
        min: Date.parse('2025-01-01T00:00:00Z') / MINUTE,
        max: Date.parse('2029-01-01T00:00:00Z') / MINUTE,
      })
      .map(minutes => new Date(minutes * MINUTE));

    it('agrees with the clock on the wall where the clocks were not changed lately', () => {
      fc.assert(
        fc.property(anyWindow, anyTime, (one, now) => {
          const offset = (at: number) =>
            wallClock(new Date(at), one.timeZone).offset;
          const around = [-30, 0, 30].map(h =>
            offset(now.getTime() + h * HOUR),
          );
          fc.pre(new Set(around).size === 1);
          expect(isOpen(one, now)).toBe(openByTheWall(one, now));
        }),
        { numRuns: 1_000 },
      );
    });

    it('opens when it says, and not before', () => {
      fc.assert(
        fc.property(
          anyWindow,
          anyTime,
          fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
          (one, now, share) => {
            const next = nextOpening(one, now);
            expect(next).toBeDefined();
            expect(isOpen(one, next!)).toBe(true);
            const span = next!.getTime() - now.getTime();
            expect(span).toBeGreaterThan(0);
            const between = new Date(now.getTime() + Math.floor(span * share));
            expect(isOpen(one, between) && !isOpen(one, now)).toBe(false);
          },
        ),
        { numRuns: 500 },
      );
    });
  });
});

/** What a clock on the wall shows, told by another library. */
function wallClock(now: Date, timeZone: string) {
  const parts = new Map<string, string>(
    formatOf(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: string) => Number(parts.get(type));
  const minute = number('hour') * 60 + number('minute');
  const local = Date.UTC(
    number('year'),
    number('month') - 1,
    number('day'),
    0,
    minute,
  );
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  return {
    minute,
    weekday: names.indexOf(parts.get('weekday')!) + 1,
    offset: local - now.getTime(),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  formats.set(timeZone, format);
  return format;
}

function openByTheWall(one: UpgradeWindow, now: Date): boolean {
  const { minute, weekday } = wallClock(now, one.timeZone);
  const days: number[] = one.days;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return one.to > one.from
    ? days.includes(weekday) && one.from <= minute && minute < one.to
    : (days.includes(weekday) && one.from <= minute) ||
        (days.includes(yesterday) && minute < one.to);
}
