import type { MeshBlueprint } from './blueprint';

/** Managed by Sail on two clusters; one minor version behind. */
export const SHOP: MeshBlueprint = {
  id: 'shop',
  title: 'Shop',
  install: 'sail',
  hub: 'istio',
  family: 'native',
  version: '1.29.4',
};

/** Installed by Helm with values of its own; the control plane is ahead of its sidecars. */
export const PAYMENTS: MeshBlueprint = {
  id: 'payments',
  title: 'Payments',
  install: 'helm',
  hub: 'istio',
  family: 'native',
  version: '1.30.2',
  config: {
    meshConfig: { accessLogFile: '/dev/stdout', enableTracing: true },
    pilot: { autoscaleEnabled: false, replicaCount: 2, traceSampling: 5 },
  },
};

/** The customised family on a Kubernetes that the next minor version does not run on. */
export const EDGE: MeshBlueprint = {
  id: 'edge',
  title: 'Edge',
  install: 'sail',
  hub: 'mspider',
  family: 'mspider',
  version: '1.29.4-mspider',
  config: { sidecarInjectorWebhook: { enableNamespacesByDefault: true } },
};

/** Where the platform team tries what comes next: by hand, with a canary beside the old revision. */
export const STAGING: MeshBlueprint = {
  id: 'staging',
  title: 'Staging',
  install: 'istioctl',
  hub: 'istio',
  family: 'native',
  version: '1.29.4',
  istiodReplicas: 1,
  config: {
    pilot: { env: { PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: true } },
  },
};

/** Installed by Flux; where Flux reads the version is kept in Git. */
export const LOGISTICS: MeshBlueprint = {
  id: 'logistics',
  title: 'Logistics',
  install: 'flux',
  hub: 'istio',
  family: 'native',
  version: '1.29.4',
};

/** Installed by Argo CD, from an Application that another one keeps in Git. */
export const ANALYTICS: MeshBlueprint = {
  id: 'analytics',
  title: 'Analytics',
  install: 'argocd',
  hub: 'istio',
  family: 'native',
  version: '1.29.4',
};

/** Managed by Sail with a revision of its own for every version, which a tag hides. */
export const SUPPORT: MeshBlueprint = {
  id: 'support',
  title: 'Support',
  install: 'sail',
  revisionBased: true,
  hub: 'istio',
  family: 'native',
  version: '1.29.4',
};

/** Its istiod is somebody else's, outside of the cluster. */
export const PARTNERS: MeshBlueprint = {
  id: 'partners',
  title: 'Partners',
  install: 'external',
  hub: 'istio',
  family: 'native',
  version: '1.29.4',
};

/** What further clusters of a scaled world belong to. */
export const FLEET: MeshBlueprint = {
  id: 'fleet',
  title: 'Fleet',
  install: 'sail',
  hub: 'istio',
  family: 'native',
  version: '1.29.4',
};
