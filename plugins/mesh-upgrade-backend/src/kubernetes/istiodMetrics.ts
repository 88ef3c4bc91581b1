import { toError } from '@backstage/errors';
import type { KubernetesClient } from '../clusters/types';
import { samplesOf } from './prometheusText';
import type { Pod } from './types';

/** Where istiod tells its version and its metrics. */
const MONITORING_PORT = 15014;
/** An istiod that keeps its metrics for itself must not hold anything up. */
const ANSWER_MS = 3_000;

/** What the replicas of istiod have counted together, each since it started. */
export interface IstiodCounts {
  /** Proxies that are connected now, by their version. */
  proxies: Map<string, number>;
  connected: number;
  /** Pieces of configuration given to proxies. */
  pushes: number;
  /** Those that could not be made or sent, or that a proxy refused. */
  errors: number;
}

/** Adds up the metrics of some pods of istiod. */
export async function readIstiodCounts(
  client: KubernetesClient,
  pods: Pod[],
  signal: AbortSignal,
): Promise<IstiodCounts> {
  const texts = await Promise.all(
    pods.map(({ metadata: { name, namespace } }) =>
      client.podProxy(
        { name, namespace: namespace!, port: MONITORING_PORT },
        'metrics',
        { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) },
      ),
    ),
  );
  return addUp(texts.map(countsOf));
}

/** Why metrics could not be read, and what to do about it. */
export function metricsProblem(thrown: unknown): string {
  const error = toError(thrown);
  if (isForbidden(error)) {
    return `${error.message}. Allow it with deploy/istiod-version.yaml`;
  }
  return error.name === 'TimeoutError'
    ? `istiod did not answer on port ${MONITORING_PORT} within ${
        ANSWER_MS / 1000
      } s`
    : error.message;
}

/** True when the API server does not allow it; something on the way to the pod may answer 403 as well. */
export function isForbidden(error: unknown): boolean {
  return (error as { reason?: string }).reason === 'Forbidden';
}

/** @throws Error for what is not istiod's: nothing of it would be taken for nothing connected. */
function countsOf(text: string): IstiodCounts {
  if (samplesOf(text, 'istio_build').length === 0) {
    throw new Error(
      `port ${MONITORING_PORT} answers, but not with metrics of istiod: ${text.slice(
        0,
        80,
      )}`,
    );
  }
  const proxies = new Map<string, number>();
  for (const { labels, value } of samplesOf(text, 'pilot_xds')) {
    const version = labels.version ?? 'unknown';
    proxies.set(version, (proxies.get(version) ?? 0) + value);
  }
  // One counter for both, told apart by what its types are called.
  const pushed = samplesOf(text, 'pilot_xds_pushes');
  const failed = pushed.filter(({ labels }) => labels.type?.endsWith('err'));
  const total = (name: string) => sum(samplesOf(text, name));
  return {
    proxies,
    connected: sum([...proxies.values()].map(value => ({ value }))),
    pushes: sum(pushed) - sum(failed),
    errors:
      sum(failed) +
      total('pilot_total_xds_internal_errors') +
      total('pilot_total_xds_rejects') +
      total('pilot_xds_write_timeout'),
  };
}

function addUp(all: IstiodCounts[]): IstiodCounts {
  const proxies = new Map<string, number>();
  for (const [version, count] of all.flatMap(each => [...each.proxies])) {
    proxies.set(version, (proxies.get(version) ?? 0) + count);
  }
  const total = (key: 'connected' | 'pushes' | 'errors') =>
    all.reduce((so, each) => so + each[key], 0);
  return {
    proxies,
    connected: total('connected'),
    pushes: total('pushes'),
    errors: total('errors'),
  };
}

function sum(samples: { value: number }[]): number {
  return samples.reduce((total, { value }) => total + value, 0);
}
