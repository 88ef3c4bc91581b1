import { listAll } from '../../clusters/listAll';
import type { KubernetesClient } from '../../clusters/types';
import { NAMESPACES } from '../../kubernetes/types';

/** A namespace whose pods this revision injects, by its labels. */
export async function injectedNamespace(
  client: KubernetesClient,
  revision: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const labelSelector =
    revision === 'default'
      ? 'istio-injection=enabled'
      : `istio.io/rev=${revision},!istio-injection`;
  const namespaces = await listAll(client, NAMESPACES, {
    labelSelector,
    signal,
  });
  return namespaces
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name)
    .sort()[0];
}
