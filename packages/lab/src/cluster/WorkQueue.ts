import type { Clock } from '../Clock';

/** How long a controller takes to notice something, in milliseconds of lab time. */
const NOTICE_DELAY = 20;

/** Runs each piece of work once however often it was asked for meanwhile, like a controller's queue. */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #waiting = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(key: string, work: () => void, delay = NOTICE_DELAY) {
    if (this.#waiting.has(key)) {
      return;
    }
    this.#waiting.add(key);
    this.#clock.after(delay, () => {
      this.#waiting.delete(key);
      work();
    });
  }
}
