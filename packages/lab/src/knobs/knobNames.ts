import type { ClusterKnobs, RegistryKnobs } from './Knobs';

const CLUSTER_KNOBS: Record<keyof ClusterKnobs, true> = {
  brokenBodies: true,
  clockSkewMs: true,
  denyVerbs: true,
  dropWatchesAfterMs: true,
  errorRate: true,
  expireContinues: true,
  expireWatches: true,
  expiredToken: true,
  failedCharts: true,
  kubernetesVersion: true,
  latencyMs: true,
  missingInjection: true,
  neverReady: true,
  permissions: true,
  refusedPods: true,
  stuckOperators: true,
  unreachable: true,
};

const REGISTRY_KNOBS: Record<keyof RegistryKnobs, true> = {
  authentication: true,
  down: true,
  extraTags: true,
  html: true,
  latencyMs: true,
  missingImages: true,
  missingPlatforms: true,
  pagingLoop: true,
  repositories: true,
  retryAfterSeconds: true,
  status: true,
  tags: true,
};

/** The names among these that no knob of a cluster has. */
export function unknownClusterKnobs(knobs: object | null): string[] {
  return Object.keys(knobs ?? {}).filter(name => !(name in CLUSTER_KNOBS));
}

/** The names among these that no knob of the registry has. */
export function unknownRegistryKnobs(knobs: object | null): string[] {
  return Object.keys(knobs ?? {}).filter(name => !(name in REGISTRY_KNOBS));
}
