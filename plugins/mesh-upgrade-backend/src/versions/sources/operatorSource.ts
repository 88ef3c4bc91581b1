import { ServiceUnavailableError } from '@backstage/errors';
import type { ClusterRegistry } from '../../clusters/types';
import { operatorVersions } from './operatorVersions';
import type { VersionSource } from './types';

const DEFINITION = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
  name: 'istios.sailoperator.io',
};

/** What the Sail operator of a cluster installs. */
export function operatorSource(
  cluster: string,
  clusters: ClusterRegistry,
): VersionSource {
  return {
    kind: 'operator',
    name: operatorSourceName(cluster),
    async read({ signal }) {
      const known = clusters.get(cluster);
      if (!known?.client) {
        throw new ServiceUnavailableError(
          known
            ? `Cluster '${cluster}': ${known.misconfiguration}`
            : `Cluster '${cluster}' is not configured any more`,
        );
      }
      return operatorVersions(await known.client.get(DEFINITION, { signal }));
    },
  };
}

/** What people see of it. */
export function operatorSourceName(cluster: string): string {
  return `istios.sailoperator.io in ${cluster}`;
}
