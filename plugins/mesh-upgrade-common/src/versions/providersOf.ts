import type { InstallMethod } from '../types';

/** How the offers of Kubernetes mark their versions, e.g. `v1.33.4-gke.1200` or `v1.33.4+k3s1`. */
const KUBERNETES_MARK = /[-+](gke|eks|k3s|rke2)/i;

/** Those who install Istio as a part of their own and say themselves what they support. */
const OWN_POLICY: ReadonlySet<InstallMethod> = new Set([
  'aks',
  'kyma',
  'openshift',
]);

/**
 * Whose rows of the support matrix count for a cluster: first those of the
 * one who installed Istio, then those of its Kubernetes, as far as they show.
 *
 * @public
 */
export function providersOf(seen: {
  installMethod?: InstallMethod;
  /** As the API server tells it. */
  kubernetesVersion?: string;
}): string[] {
  const mark = KUBERNETES_MARK.exec(seen.kubernetesVersion ?? '');
  const kubernetes = mark?.[1].toLowerCase();
  return [
    ...(seen.installMethod && OWN_POLICY.has(seen.installMethod)
      ? [seen.installMethod]
      : []),
    ...(kubernetes ? [kubernetes] : []),
  ];
}
