import { setTimeout as sleep } from 'node:timers/promises';
import { KeepAliveClient } from './KeepAliveClient';
import type { QueryKind } from './queries';
import { createRandom } from './random';

/** How long a user looks at an answer before asking again, in milliseconds. */
export const THINK_MS = 1_000;

/**
 * Users at once, each on a connection of its own, who ask, wait for the
 * answer, think for a second and ask the next kind of question.
 *
 * @returns milliseconds of every answer, by kind of question
 */
export async function runUsers(options: {
  url: string;
  /** One for each user. */
  tokens: string[];
  kinds: QueryKind[];
  durationMs: number;
}): Promise<Map<string, number[]>> {
  const { url, tokens, kinds, durationMs } = options;
  const times = new Map<string, number[]>(kinds.map(({ name }) => [name, []]));
  const until = performance.now() + durationMs;
  await Promise.all(
    tokens.map(async (token, index) => {
      const random = createRandom(index);
      const client = new KeepAliveClient(`${url}/api/mesh-upgrade`, token);
      try {
        // They did not all arrive at the same moment.
        await sleep(random() * THINK_MS);
        for (let turn = index; performance.now() < until; turn += 1) {
          const { name, path } = kinds[turn % kinds.length];
          const { ms } = await client.timed('GET', path(random));
          times.get(name)!.push(ms);
          await sleep(THINK_MS);
        }
      } finally {
        client.close();
      }
    }),
  );
  return times;
}
