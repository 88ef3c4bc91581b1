import type { InstallMethod } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { expectedManagers } from './expectedManagers';

/** Names as they stand in `managedFields` of clusters, or are set in the sources of their programs. */
const EVERYWHERE = {
  // istiod writes the caBundle and the failurePolicy of its webhooks.
  istiod: 'pilot-discovery',
  // The HorizontalPodAutoscaler is a part of it.
  autoscaling: 'kube-controller-manager',
  itself: 'mesh-upgrade',
};
const PEOPLE = {
  'kubectl edit': 'kubectl-edit',
  'kubectl apply': 'kubectl-client-side-apply',
  'kubectl apply --server-side': 'kubectl',
  'kubectl rollout restart': 'kubectl-rollout',
  // What people are told to write under where Flux would undo a change.
  'kubectl at the side of Flux': 'flux-client-side-apply',
  // Who presses a button in Argo CD changes an object through its server.
  'the pages of Argo CD': 'argocd-server',
};
const HELM = { 'helm upgrade': 'helm' };
const ISTIOCTL = {
  'istioctl install': 'istio-operator',
  'istioctl before it applied on the server': 'istioctl',
};
const SAIL = { 'the operator': 'sail-operator' };
const FLUX = {
  'a HelmRelease': 'helm-controller',
  'a Kustomization': 'kustomize-controller',
};
const ARGO = {
  'a sync that applies': 'argocd-controller',
  'a sync that replaces': 'argocd-application-controller',
};
const INSTALLERS = { ...HELM, ...ISTIOCTL, ...SAIL, ...FLUX, ...ARGO };

describe('who may change a control plane during its upgrade', () => {
  it.each<[InstallMethod, Record<string, string>]>([
    ['helm', HELM],
    ['istioctl', ISTIOCTL],
    ['sail', SAIL],
    ['flux', FLUX],
    ['argocd', ARGO],
  ])('%s: its installer, and who always may', (method, own) => {
    const expected = expectedManagers(method)!;
    const all = { ...EVERYWHERE, ...PEOPLE, ...INSTALLERS };
    const allowed = Object.entries(all).filter(([, name]) =>
      expected.has(name),
    );
    expect(Object.fromEntries(allowed)).toEqual({ ...EVERYWHERE, ...own });
  });

  it.each<InstallMethod>(['openshift', 'aks', 'kyma', 'unknown'])(
    '%s: whoever it is, nobody is unexpected',
    method => expect(expectedManagers(method)).toBeUndefined(),
  );
});
