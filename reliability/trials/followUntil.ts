import { setTimeout as sleep } from 'node:timers/promises';
import type { Campaign } from '../Campaign';
import type { Replica } from '../Replica';

const LOOK_EVERY_MS = 250;

/** Follows the events of all runs for a while, and returns exactly then. */
export async function followUntil(
  campaign: Campaign,
  replica: Replica,
  durationMs: number,
): Promise<void> {
  const until = performance.now() + durationMs;
  const left = () => until - performance.now();
  while (left() > LOOK_EVERY_MS) {
    // A look that takes too long must not delay what is to happen.
    await Promise.race([campaign.look(replica), sleep(left())]);
    await sleep(Math.min(LOOK_EVERY_MS, Math.max(0, left())));
  }
  await sleep(Math.max(0, left()));
}
