import type { InstallMethod } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** The product itself, istiod, which keeps the certificate of its webhooks, and autoscaling. */
const EVERYWHERE = [
  'mesh-upgrade',
  'pilot-discovery',
  'kube-controller-manager',
];

/** Names under which installers write. */
const INSTALLERS: Partial<Record<InstallMethod, string[]>> = {
  sail: ['sail-operator', 'manager', 'helm'],
  helm: ['helm'],
  istioctl: ['istio-operator', 'istioctl'],
  flux: [
    'helm-controller',
    'kustomize-controller',
    'flux-client-side-apply',
    'helm',
  ],
  argocd: ['argocd-controller', 'argocd-application-controller'],
};

/**
 * Who may change a control plane while a run upgrades it; undefined where it is
 * changed by people or a provider, so that nothing is unexpected.
 */
export function expectedManagers(
  method: InstallMethod,
): ReadonlySet<string> | undefined {
  const installers = INSTALLERS[method];
  return installers && new Set([...EVERYWHERE, ...installers]);
}
