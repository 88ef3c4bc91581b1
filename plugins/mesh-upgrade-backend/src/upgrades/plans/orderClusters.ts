import type { MeshClusterRole } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Stages of a mesh upgrade; each is proven healthy before the next one begins. */
const STAGES = {
  canaryPrimaries: 0,
  primaries: 1,
  canaryRemotes: 2,
  remotes: 3,
} as const;

export const LAST_STAGE = STAGES.remotes;

/** Puts clusters in the order in which they are upgraded: primaries before those they serve, canaries first, else by name. */
export function orderClusters<
  T extends { cluster: string; role: MeshClusterRole },
>(clusters: readonly T[], canaries: readonly string[]): T[] {
  return [...clusters].sort(
    (a, b) =>
      stageOf(a, canaries) - stageOf(b, canaries) ||
      a.cluster.localeCompare(b.cluster, 'en', { numeric: true }),
  );
}

/** The stage in which the steps of a cluster are taken; they begin when all stages before have succeeded. */
export function stageOf(
  { cluster, role }: { cluster: string; role: MeshClusterRole },
  canaries: readonly string[],
): number {
  const isCanary = canaries.includes(cluster);
  if (role === 'primary') {
    return isCanary ? STAGES.canaryPrimaries : STAGES.primaries;
  }
  // What runs here is served by an istiod elsewhere, which has to be first.
  return isCanary ? STAGES.canaryRemotes : STAGES.remotes;
}
