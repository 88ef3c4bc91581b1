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

/** What further clusters of a scaled world belong to. */
export const FLEET: MeshBlueprint = {
  id: 'fleet',
  title: 'Fleet',
  install: 'sail',
  hub: 'istio',
  family: 'native',
  version: '1.29.4',
};
