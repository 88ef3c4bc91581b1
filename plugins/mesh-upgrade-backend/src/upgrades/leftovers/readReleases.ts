import { KubernetesError } from '../../clusters/KubernetesError';
import { listAll } from '../../clusters/listAll';
import type { KubernetesClient } from '../../clusters/types';
import { decodeRelease, SECRETS, type Secret } from '../../helm/release';
import { releaseNamedBy } from '../../helm/releaseMarks';
import type { KnownReleases } from './obstacle';
import type { Candidate } from './types';

/** What helm knows in the namespaces that the candidates name as those of their releases. */
export async function readReleases(
  client: KubernetesClient,
  candidates: Candidate[],
  { signal }: { signal: AbortSignal },
): Promise<KnownReleases> {
  const namespaces = new Set(
    candidates.flatMap(
      ({ object }) => releaseNamedBy(object.metadata)?.namespace ?? [],
    ),
  );
  return new Map(
    await Promise.all(
      [...namespaces].map(
        async (
          namespace,
        ): Promise<[string, Map<string, string> | undefined]> => [
          namespace,
          await chartsOf(client, namespace, signal),
        ],
      ),
    ),
  );
}

async function chartsOf(
  client: KubernetesClient,
  namespace: string,
  signal: AbortSignal,
): Promise<Map<string, string> | undefined> {
  try {
    const secrets = await listAll<Secret>(client, SECRETS, {
      namespace,
      labelSelector: 'owner=helm,status notin (superseded,uninstalled)',
      signal,
    });
    const releases = await Promise.all(secrets.map(decodeRelease));
    return new Map(releases.map(({ name, chart }) => [name, chart.name]));
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 403) {
      return undefined;
    }
    throw error;
  }
}
