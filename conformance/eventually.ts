import { setTimeout as sleep } from 'node:timers/promises';

/** The first defined answer of `look`; rejects, naming what was awaited, after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`);
    }
    await sleep(100);
  }
}
