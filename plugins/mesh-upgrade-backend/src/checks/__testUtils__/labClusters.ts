import type { Lab } from '@internal/lab';
import { ClusterClient } from '../../clusters';
import type { ClusterRegistry } from '../../clusters/types';

/** Every cluster of a lab, with all rights. */
export function labClusters(lab: Lab): ClusterRegistry {
  return {
    list: () => [],
    get: name => ({
      name,
      title: name,
      mode: 'full',
      client: ClusterClient.create({
        cluster: name,
        settings: {
          url: `${lab.url}/clusters/${name}`,
          token: { value: `lab-${name}` },
        },
      }),
    }),
  };
}
