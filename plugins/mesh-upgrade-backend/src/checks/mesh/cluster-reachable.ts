import { toError } from '@backstage/errors';
import {
  blocker,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { PerClusterCheck } from '../types';

/** Whether a cluster answers now; one that does not decides nothing else. */
export function clusterReachable(): PerClusterCheck {
  return {
    id: 'cluster-reachable',
    title: 'Cluster answers',
    worst: 'blocker',
    scope: 'cluster',
    whenUnreachable: true,
    async run({ cluster, kubernetesVersion, signal }) {
      const name = cluster.cluster;
      const says = { object: `cluster ${name}`, expected: 'An answer' };
      try {
        await kubernetesVersion();
      } catch (error) {
        signal.throwIfAborted();
        return [
          blocker({
            ...says,
            title: `${name} does not answer, so that nothing on it was checked`,
            observed: toError(error).message,
            remedy:
              'Make the cluster answer, or take it out of the mesh, then Recheck.',
          }),
        ];
      }
      return [
        passed({ ...says, title: `${name} answers`, observed: 'It answers' }),
      ];
    },
  };
}
