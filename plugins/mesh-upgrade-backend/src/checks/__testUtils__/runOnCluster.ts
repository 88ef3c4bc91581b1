import type { Finding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { MeshCheck } from '../types';
import { aMesh, clusterContext, lists } from './fakes';

/** What a check of one cluster finds among these objects, by the plural name of their kind. */
export function runOnCluster(
  check: MeshCheck,
  objects: Record<string, object[]>,
  targetVersion?: string,
): Promise<Finding[]> {
  if (check.scope !== 'cluster') {
    throw new TypeError(`${check.id} looks at a whole mesh`);
  }
  return check.run(
    clusterContext('prod-eu', {
      mesh: aMesh({ clusterNames: ['prod-eu'] }),
      targetVersion,
      clusters: { 'prod-eu': lists(objects) },
    }),
  );
}
