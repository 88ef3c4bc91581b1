import { InputError } from '@backstage/errors';
import { KubernetesError } from '../../clusters/KubernetesError';
import { listAll } from '../../clusters/listAll';
import type {
  ClusterRegistry,
  KubernetesClient,
  KubernetesObject,
  ResourceType,
  SelectOptions,
} from '../../clusters/types';
import type { ClusterReads } from '../types';
import type { AskOnce } from './AskOnce';

/**
 * What one check may read of a cluster; equal questions of a report are asked once.
 *
 * @throws InputError when the cluster cannot be asked with its configuration
 */
export function clusterReads(
  name: string,
  options: { clusters: ClusterRegistry; asked: AskOnce; signal: AbortSignal },
): ClusterReads {
  const { asked, signal } = options;
  const client = usableClient(name, options.clusters);
  return {
    client,
    kubernetesVersion: () =>
      asked.ask(
        `version ${name}`,
        async report => (await client.version({ signal: report })).gitVersion,
        signal,
      ),
    async list<T extends KubernetesObject>(
      resource: ResourceType,
      select: { namespace?: string; labelSelector?: string } = {},
    ) {
      refuseAllPods(resource, select);
      const { group, version, resource: plural } = resource;
      return asked.ask(
        JSON.stringify([
          'list',
          name,
          group,
          version,
          plural,
          select.namespace,
          select.labelSelector,
        ]),
        report =>
          listServed<T>(client, resource, { ...select, signal: report }),
        signal,
      );
    },
  };
}

function usableClient(name: string, clusters: ClusterRegistry) {
  const cluster = clusters.get(name);
  if (!cluster) {
    throw new InputError(
      `Cluster '${name}' is not configured any more; configure it again`,
    );
  }
  if (!cluster.client) {
    throw new InputError(`${cluster.misconfiguration} ${cluster.remedy}`);
  }
  return cluster.client;
}

function refuseAllPods(
  { group, resource }: ResourceType,
  select: { labelSelector?: string },
) {
  if (group === '' && resource === 'pods' && !select.labelSelector) {
    throw new InputError(
      'A check does not list all pods; select them by their labels or read the inventory',
    );
  }
}

async function listServed<T extends KubernetesObject>(
  client: KubernetesClient,
  resource: ResourceType,
  select: SelectOptions,
): Promise<T[]> {
  try {
    return await listAll<T>(client, resource, select);
  } catch (error) {
    // No such collection: the kind is not installed, so there are no objects of it.
    if (error instanceof KubernetesError && error.status === 404) {
      return [];
    }
    throw error;
  }
}
