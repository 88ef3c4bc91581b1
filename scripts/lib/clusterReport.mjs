import { poll } from './poll.mjs';
import { callApi, signIn } from './productClient.mjs';

const PATIENCE_MS = 15_000;
const SIGN_IN_PATIENCE_MS = 30_000;

/**
 * One line per cluster that cannot be read, once every cluster was tried.
 *
 * @param {string} url address of the backend
 * @returns {Promise<string[]>}
 */
export async function unhealthyClusters(url) {
  const token = await poll(() => signIn(url, 'ada').catch(() => undefined), {
    timeoutMs: SIGN_IN_PATIENCE_MS,
    intervalMs: 500,
    what: 'the catalog to know its people',
  });
  const until = performance.now() + PATIENCE_MS;
  const clusters = await poll(
    async () => {
      const { body } = await callApi(url, { path: '/clusters', token });
      const undecided = body.items.some(
        ({ health }) => health.state === 'connecting',
      );
      return undecided && performance.now() < until ? undefined : body.items;
    },
    { timeoutMs: 2 * PATIENCE_MS, intervalMs: 300, what: 'the clusters' },
  );
  return clusters
    .filter(({ health }) => health.state !== 'healthy')
    .map(({ name, health }) =>
      [
        `${name} is ${health.state}: ${health.reason ?? 'no reason given'}`,
        health.remedy,
      ]
        .filter(Boolean)
        .map(sentence => `${sentence.trim().replace(/\.$/, '')}.`)
        .join(' ')
        .replaceAll(/\s*\n\s*/g, ' '),
    );
}
