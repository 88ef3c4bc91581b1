import type { AccessQuestion } from '../../clusters/types';

/** Kinds of which Istio's control plane consists, by their API group; true: in a namespace. */
const KINDS: Record<string, Record<string, boolean>> = {
  '': { configmaps: true, serviceaccounts: true, services: true },
  apps: { deployments: true },
  autoscaling: { horizontalpodautoscalers: true },
  policy: { poddisruptionbudgets: true },
  'admissionregistration.k8s.io': {
    mutatingwebhookconfigurations: false,
    validatingwebhookconfigurations: false,
  },
  'apiextensions.k8s.io': { customresourcedefinitions: false },
  'rbac.authorization.k8s.io': {
    clusterrolebindings: false,
    clusterroles: false,
    rolebindings: true,
    roles: true,
  },
};

/** What a new version adds is created, what is there is patched. */
const VERBS = ['create', 'patch'];

/** What a program has to be allowed that installs another version of the control plane. */
export function installerRights(namespace: string): AccessQuestion[] {
  return Object.entries(KINDS).flatMap(([group, kinds]) =>
    Object.entries(kinds).flatMap(([resource, namespaced]) =>
      VERBS.map(verb => ({
        verb,
        group,
        resource,
        ...(namespaced && { namespace }),
      })),
    ),
  );
}

/** What helm needs besides: it remembers releases in Secrets. */
export function releaseRights(namespace: string): AccessQuestion[] {
  return ['list', 'create', 'update'].map(verb => ({
    verb,
    group: '',
    resource: 'secrets',
    namespace,
  }));
}
