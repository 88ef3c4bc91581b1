/** A mesh of the lab whose installer is called from here. */
export interface CalledMesh {
  id: string;
  /** What the plan calls the way of upgrading. */
  driver: string;
  clusters: string[];
  target: string;
  /** Whose pods are injected by the revision that is upgraded. */
  namespace: string;
}

export const CALLED: CalledMesh[] = [
  {
    id: 'shop',
    driver: 'sail',
    clusters: ['prod-eu', 'prod-us'],
    target: '1.30.3',
    namespace: 'storefront',
  },
  {
    id: 'payments',
    driver: 'helm',
    clusters: ['payments'],
    target: '1.30.3',
    namespace: 'payments',
  },
  {
    id: 'staging',
    driver: 'istioctl',
    clusters: ['staging'],
    target: '1.30.3',
    namespace: 'storefront-staging',
  },
];

/** A mesh whose version is kept in Git, on a cluster of its own name. */
export interface CommittedMesh {
  id: string;
  /** Whose pods are injected by the revision that is upgraded. */
  namespace: string;
  driver: 'flux' | 'argocd';
  /** The manifest with the version, as the plan names it. */
  object: string;
  /** Where the version is in it, and a patch that sets it. */
  field: string;
  patch(version: string): object;
  /** Who keeps it, in the words of the run. */
  keeper: string;
  /** The keeper's own object, and the kept one, below the API server. */
  paths: { keeper: string; kept: string };
  /** Makes the kept object nobody's. */
  release: object;
}

/** What Flux installs from an OCIRepository that a Kustomization keeps. */
export const OF_FLUX: Omit<CommittedMesh, 'id' | 'namespace'> = {
  driver: 'flux',
  object: 'OCIRepository istio-system/istiod',
  field: 'spec.ref.tag',
  patch: tag => ({ spec: { ref: { tag } } }),
  keeper: 'Flux Kustomization flux-system/mesh',
  paths: {
    keeper:
      '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/mesh',
    kept: '/apis/source.toolkit.fluxcd.io/v1/namespaces/istio-system/ocirepositories/istiod',
  },
  release: {
    labels: {
      'kustomize.toolkit.fluxcd.io/name': null,
      'kustomize.toolkit.fluxcd.io/namespace': null,
    },
  },
};

export const COMMITTED: CommittedMesh[] = [
  { id: 'logistics', namespace: 'logistics', ...OF_FLUX },
  {
    id: 'analytics',
    namespace: 'analytics',
    driver: 'argocd',
    object: 'Application argocd/istiod',
    field: 'spec.source.targetRevision',
    patch: targetRevision => ({ spec: { source: { targetRevision } } }),
    keeper: 'Argo CD application mesh',
    paths: {
      keeper: '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/mesh',
      kept: '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/istiod',
    },
    release: { annotations: { 'argocd.argoproj.io/tracking-id': null } },
  },
];

/** Kept in Git, then from here. */
export const COMMITTED_VERSION = '1.30.3';
export const PATCHED_VERSION = '1.31.1';

/** A mesh of Sail with a revision for every version, on a cluster of its own name. */
export interface RevisionMesh {
  id: string;
  target: string;
  former: string;
  next: string;
  /** One namespace goes by a tag, the other by the former revision's name. */
  tagged: string;
  byName: string;
}

export const REVISIONS: RevisionMesh = {
  id: 'support',
  target: '1.30.3',
  former: 'default-v1-29-4',
  next: 'default-v1-30-3',
  tagged: 'support',
  byName: 'support-chat',
};

/** A mesh whose istiod is outside of the cluster, on a cluster of its own name. */
export const EXTERNAL = {
  id: 'partners',
  target: '1.30.3',
  namespace: 'partners',
};
