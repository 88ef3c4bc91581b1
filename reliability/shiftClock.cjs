// Preloaded into a backend whose clock is wrong: `Date` is ahead by
// CLOCK_AHEAD_MS. Timers are not, as they do not follow the clock on the wall.
'use strict';

const aheadMs = Number(process.env.CLOCK_AHEAD_MS);
const RightDate = Date;
const now = () => RightDate.now() + aheadMs;

Reflect.set(
  globalThis,
  'Date',
  new Proxy(RightDate, {
    construct: (target, args, made) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, made),
    apply: () => new RightDate(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  }),
);
