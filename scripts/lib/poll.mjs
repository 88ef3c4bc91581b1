import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until the answer is not undefined.
 *
 * @template T
 * @param {() => Promise<T | undefined> | T | undefined} ask
 * @param {{ timeoutMs: number, intervalMs?: number, what: string, last?: () => string }} options
 *   `last` tells what was seen last, for the error
 * @returns {Promise<T>}
 * @throws Error after `timeoutMs`
 */
export async function poll(ask, { timeoutMs, intervalMs = 100, what, last }) {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (performance.now() > until) {
      const seen = last?.();
      throw new Error(
        `Waited ${timeoutMs / 1000} s for ${what}${
          seen ? `; last seen: ${seen}` : ''
        }`,
      );
    }
    await sleep(intervalMs);
  }
}
