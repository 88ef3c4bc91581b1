import { setTimeout as delay } from 'node:timers/promises';

/** Bounds of a growing delay, in milliseconds. */
export interface BackoffPolicy {
  initialMs: number;
  maxMs: number;
}

/** Doubles with every attempt (from 1) up to the maximum, then varies by a half so that clusters do not retry in step. */
export function backoffDelay(
  { initialMs, maxMs }: BackoffPolicy,
  attempt: number,
  random: () => number = Math.random,
): number {
  const delayMs = Math.min(maxMs, initialMs * 2 ** Math.min(attempt - 1, 30));
  return delayMs * (0.75 + random() / 2);
}

/** A wait that ends early when somebody knows better, and at once when all is over. */
export class Pause {
  #wake = new AbortController();

  /** Resolves after `ms`, on `wake()` or when the signal is aborted; never rejects. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    this.#wake = new AbortController();
    try {
      // Unreferenced: waiting for a cluster must not keep the process alive.
      await delay(ms, undefined, {
        ref: false,
        signal: AbortSignal.any([signal, this.#wake.signal]),
      });
    } catch (error) {
      if (!signal.aborted && !this.#wake.signal.aborted) {
        throw error;
      }
    }
  }

  wake(): void {
    this.#wake.abort();
  }
}
