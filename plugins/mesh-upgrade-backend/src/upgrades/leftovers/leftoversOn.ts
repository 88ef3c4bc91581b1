import type { KubernetesClient } from '../../clusters/types';
import { withConnections } from './connections';
import { findLeftovers } from './findLeftovers';
import { obstacleOf } from './obstacle';
import { readParts, readUsers } from './readClusterWorld';
import { readReleases } from './readReleases';
import type { Candidate, Leftover } from './types';

/** What is left over in a cluster now, with who uses it and what keeps it there. */
export async function leftoversOn(
  client: KubernetesClient,
  { signal }: { signal: AbortSignal },
): Promise<Leftover[]> {
  const parts = await readParts(client, { signal });
  if (findLeftovers({ ...parts, workloads: [], proxies: [] }).length === 0) {
    // More users make nothing left over: all pods are read only where there is something to ask about.
    return [];
  }
  const world = { ...parts, ...(await readUsers(client, { signal })) };
  const candidates = await withConnections(client, findLeftovers(world), {
    world,
    signal,
  });
  const releases = await readReleases(client, candidates, { signal });
  return candidates.map(candidate => ({
    kind: candidate.kind,
    object: candidate.object,
    view: {
      ...viewOf(client.cluster, candidate),
      obstacle: obstacleOf(candidate, { ...world, releases }),
    },
  }));
}

function viewOf(
  cluster: string,
  { kind, object, role, revision, reason, usedBy }: Candidate,
): Leftover['view'] {
  const { namespace, name } = object.metadata;
  return {
    id: [cluster, kind, namespace ?? '', name].join('/'),
    cluster,
    kind,
    namespace,
    name,
    role,
    revision,
    reason,
    usedBy,
  };
}

/** e.g. `Service istio-system/istiod-1-29`. */
export function leftoverName({ view }: Pick<Leftover, 'view'>): string {
  const { kind, namespace, name } = view;
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
