import { setTimeout as sleep } from 'node:timers/promises';
import { TestbedError } from './errors.mjs';

/**
 * Asks `probe` until it returns something other than `undefined`.
 * A probe that throws counts as "not yet"; its last error becomes the cause when `timeoutMs` is over.
 */
export async function poll(
  what,
  probe,
  { timeoutMs = 30_000, intervalMs = 100 } = {},
) {
  const deadline = Date.now() + timeoutMs;
  let lastError;
  for (;;) {
    try {
      const result = await probe();
      if (result !== undefined) return result;
    } catch (error) {
      if (error instanceof TestbedError) throw error;
      lastError = error;
    }
    if (Date.now() > deadline) {
      const reason = lastError ? `: ${lastError.message}` : '';
      throw new TestbedError(
        `${what} did not happen within ${timeoutMs / 1000} s${reason}`,
        { cause: lastError },
      );
    }
    await sleep(intervalMs);
  }
}
