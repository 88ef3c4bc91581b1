import { InputError, NotAllowedError } from '@backstage/errors';
import type { ClusterMode } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry, KubernetesClient } from '../../clusters/types';

const RANK: Record<ClusterMode, number> = { read: 0, restart: 1, full: 2 };

/** @throws InputError when the cluster is not configured or not usable. */
export function clientFor(
  clusters: ClusterRegistry,
  name: string,
): KubernetesClient {
  const cluster = clusters.get(name);
  if (!cluster) {
    throw new InputError(
      `Cluster '${name}' is not configured any more; add it under meshUpgrade.clusters`,
    );
  }
  if (!cluster.client) {
    throw new InputError(
      `Cluster '${name}' cannot be used: ${cluster.misconfiguration} ${cluster.remedy}`,
    );
  }
  return cluster.client;
}

/** @throws NotAllowedError unless the cluster was opened for such a write. */
export function assertMode(
  clusters: ClusterRegistry,
  name: string,
  needed: 'restart' | 'full',
): void {
  const mode = clusters.get(name)?.mode ?? 'read';
  if (RANK[mode] < RANK[needed]) {
    const what =
      needed === 'full' ? 'Changing control planes' : 'Restarting workloads';
    throw new NotAllowedError(
      `${what} is not allowed on cluster '${name}', whose mode is '${mode}'; set 'mode: ${needed}' for it under meshUpgrade.clusters or meshUpgrade.kubeconfig`,
    );
  }
}
