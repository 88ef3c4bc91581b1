import type { KubernetesObject } from '../../clusters/types';

/** Label by which Flux marks what its Kustomizations own. */
export const FLUX_KUSTOMIZATION_LABEL = 'kustomize.toolkit.fluxcd.io/name';

/** Who keeps an object in Git, and would undo a change made here; undefined when nobody shows. */
export function gitOpsOwner(object: KubernetesObject): string | undefined {
  const { labels = {}, annotations = {} } = object.metadata;
  const kustomization = labels[FLUX_KUSTOMIZATION_LABEL];
  if (kustomization) {
    return `Flux Kustomization '${kustomization}'`;
  }
  const release = labels['helm.toolkit.fluxcd.io/name'];
  if (release) {
    return `Flux HelmRelease '${release}'`;
  }
  const application =
    annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ??
    labels['argocd.argoproj.io/instance'];
  return application && `Argo CD application '${application}'`;
}
