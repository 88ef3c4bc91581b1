import type { ClusterAccess } from '../../../ClusterAccess';
import { helmReleases, type HelmRelease } from './helmReleases';
import type { KubeObject } from './types';

/** Who installed a control plane: Sail by its mark, Helm when it knows the release that the object names, else istioctl. */
export async function expectInstall(
  cluster: ClusterAccess,
  { metadata }: KubeObject,
): Promise<{ method: string; release?: HelmRelease }> {
  if (metadata.labels?.['managed-by'] === 'sail-operator') {
    return { method: 'sail' };
  }
  const release = (await helmReleases(cluster)).find(
    ({ name, namespace }) =>
      name === metadata.annotations?.['meta.helm.sh/release-name'] &&
      namespace === metadata.namespace,
  );
  return release ? { method: 'helm', release } : { method: 'istioctl' };
}
