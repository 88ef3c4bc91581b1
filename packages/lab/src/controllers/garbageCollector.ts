import type { Cluster } from '../cluster/Cluster';
import {
  NAMESPACES,
  PODS,
  RESOURCES,
  type Resource,
} from '../kubernetes/resources';
import type { Pod } from '../kubernetes/types';
import { deletePod } from './kubelet';

/** Removes what belonged to an object that is gone. */
export function startGarbageCollector(cluster: Cluster) {
  cluster.onChange(({ resource, type, object }) => {
    if (type !== 'DELETED') {
      return;
    }
    const { uid, name } = object.metadata;
    cluster.queue.add(`orphans of ${uid}`, () => {
      for (const kind of RESOURCES) {
        const orphans =
          resource === (NAMESPACES as Resource)
            ? kind.namespaced && cluster.store.list(kind, name)
            : cluster.store.ownedBy(kind, uid);
        for (const orphan of orphans || []) {
          if (kind === (PODS as Resource)) {
            deletePod(cluster, orphan as Pod);
          } else {
            cluster.store.remove(
              kind,
              orphan.metadata.namespace,
              orphan.metadata.name,
            );
          }
        }
      }
    });
  });
}
