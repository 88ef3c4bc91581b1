const SHORTEST_MS = 1_000;
const LONGEST_MS = 10_000;
/** How much longer than a load the pause after it is. */
const PAUSE = 4;

/**
 * When the next load that a change asks for may start. The slower the backend
 * answers the longer it is left alone, however many changes it announces.
 */
export class Pace {
  #endedAt = -Infinity;
  #pause = 0;

  /** Milliseconds to wait from `now` on. */
  wait(now: number): number {
    return Math.max(0, this.#endedAt + this.#pause - now);
  }

  /** A load ran between the two times. */
  loaded(from: number, to: number): void {
    this.#endedAt = to;
    this.#pause = Math.min(
      LONGEST_MS,
      Math.max(SHORTEST_MS, PAUSE * (to - from)),
    );
  }
}
