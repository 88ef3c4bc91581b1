import type { InstallMethod } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** The product itself, istiod, which keeps the certificate of its webhooks, and autoscaling. */
const EVERYWHERE = [
  'mesh-upgrade',
  'pilot-discovery',
  'kube-controller-manager',
];

/**
 * Names under which installers write: helm as a command is `helm`, and inside
 * of a program it goes by the name of that program.
 */
const INSTALLERS: Partial<Record<InstallMethod, string[]>> = {
  sail: ['sail-operator'],
  helm: ['helm'],
  // The first is what istioctl applies under, the second its other writes.
  istioctl: ['istio-operator', 'istioctl'],
  flux: ['helm-controller', 'kustomize-controller'],
  // The first wherever it applies, the second where an older one replaces.
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
