import { poll } from '../../../../scripts/lib/poll.mjs';
import type { ClusterAccess } from '../../../ClusterAccess';
import type { KubeObject } from '../reader/types';

/** Waits until every Deployment and StatefulSet has the pods it asks for. */
export async function settled(cluster: ClusterAccess): Promise<void> {
  let missing: string[] = [];
  await poll(
    async () => {
      const objects: KubeObject[] = [];
      for (const resource of ['deployments', 'statefulsets']) {
        const { items } = await cluster.get<{ items: KubeObject[] }>(
          `/apis/apps/v1/${resource}`,
        );
        objects.push(...items);
      }
      missing = objects
        .filter(
          ({ spec, status }) =>
            (status?.readyReplicas ?? 0) !== (spec?.replicas ?? 1),
        )
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
      return missing.length === 0 || undefined;
    },
    {
      timeoutMs: 60_000,
      intervalMs: 300,
      what: `the pods of ${cluster.name}`,
      last: () => missing.join(', '),
    },
  );
}
