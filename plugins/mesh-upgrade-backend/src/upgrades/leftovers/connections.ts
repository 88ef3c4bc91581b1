import type { KubernetesClient } from '../../clusters/types';
import {
  metricsProblem,
  readIstiodCounts,
} from '../../kubernetes/istiodMetrics';
import { isReady, livePodsOf } from '../../kubernetes/pods';
import type { Deployment } from '../../kubernetes/types';
import { revisionOf } from './revisions';
import type { Candidate, ClusterWorld } from './types';

/**
 * Adds to what belongs to an istiod that still runs how many proxies are
 * connected to it: the last proof that nobody needs it. Where its metrics may
 * not be read, the reason says so; pods and labels then have to do.
 */
export async function withConnections(
  client: KubernetesClient,
  candidates: Candidate[],
  options: { world: Pick<ClusterWorld, 'istiods'>; signal: AbortSignal },
): Promise<Candidate[]> {
  const { world, signal } = options;
  const istiodOf = ({ revision }: Candidate) =>
    world.istiods.find(each => revisionOf(each) === revision) as
      | Deployment
      | undefined;
  const asked = new Map<Deployment, Promise<string[] | Error>>();
  return Promise.all(
    candidates.map(async candidate => {
      const istiod = istiodOf(candidate);
      if (!istiod) {
        return candidate;
      }
      if (!asked.has(istiod)) {
        asked.set(istiod, connectedTo(client, istiod, signal));
      }
      const connected = await asked.get(istiod)!;
      return connected instanceof Error
        ? {
            ...candidate,
            reason: `${
              candidate.reason
            }. How many proxies are connected to it cannot be read: ${metricsProblem(
              connected,
            )}`,
          }
        : { ...candidate, usedBy: [...candidate.usedBy, ...connected] };
    }),
  );
}

async function connectedTo(
  client: KubernetesClient,
  istiod: Deployment,
  signal: AbortSignal,
): Promise<string[] | Error> {
  try {
    const pods = (await livePodsOf(client, istiod, { signal })).filter(isReady);
    const { connected } = await readIstiodCounts(client, pods, signal);
    return connected > 0
      ? [`${connected} proxies are connected to ${istiod.metadata.name}`]
      : [];
  } catch (error) {
    signal.throwIfAborted();
    return error as Error;
  }
}
