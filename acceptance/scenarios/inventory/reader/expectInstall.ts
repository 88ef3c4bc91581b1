import type { ClusterAccess } from '../../../ClusterAccess';
import { helmReleases, type HelmRelease } from './helmReleases';
import type { KubeObject } from './types';

const TRACKING = 'argocd.argoproj.io/tracking-id';

/** Who installed a control plane: Sail, Flux and Argo CD by their marks, Helm when it knows the release that the object names, else istioctl. */
export async function expectInstall(
  cluster: ClusterAccess,
  { metadata }: KubeObject,
): Promise<{ method: string; release?: HelmRelease }> {
  if (metadata.labels?.['managed-by'] === 'sail-operator') {
    return { method: 'sail' };
  }
  if (metadata.labels?.['helm.toolkit.fluxcd.io/name'] !== undefined) {
    return { method: 'flux' };
  }
  if (metadata.annotations?.[TRACKING] !== undefined) {
    return { method: 'argocd' };
  }
  const release = (await helmReleases(cluster)).find(
    ({ name, namespace }) =>
      name === metadata.annotations?.['meta.helm.sh/release-name'] &&
      namespace === metadata.namespace,
  );
  return release ? { method: 'helm', release } : { method: 'istioctl' };
}
