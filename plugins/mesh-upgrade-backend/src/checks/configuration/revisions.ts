import type { KubernetesObject } from '../../clusters/types';

const REVISION = 'istio.io/rev';

/** An istiod that runs in a cluster. */
export interface RunningRevision {
  revision: string;
  namespace: string;
  name: string;
}

/** Revisions that have an istiod, by its Deployments. */
export function runningRevisions(
  istiods: KubernetesObject[],
): RunningRevision[] {
  return istiods.map(({ metadata }) => ({
    revision: metadata.labels?.[REVISION] || 'default',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
  }));
}
