import type { WorkloadDetail } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Live pods of one mesh of a cluster that run one version of the proxy. */
export interface MeshProxyVersion {
  meshId: string;
  version: string;
  pods: number;
}

/** Counts the proxies of a cluster by mesh and version from what changes, without another look at every pod. */
export class ProxyCensus {
  readonly #counted = new Map<string, MeshProxyVersion[]>();

  /** Counts a batch of workloads as the writer stores it; the same batch twice changes nothing. */
  apply({
    upserts,
    removals,
  }: {
    upserts: WorkloadDetail[];
    removals: string[] | 'allOthers';
  }): void {
    if (removals === 'allOthers') {
      this.#counted.clear();
    } else {
      removals.forEach(id => this.#counted.delete(id));
    }
    for (const { id, meshId, versions } of upserts) {
      if (meshId === undefined || versions.length === 0) {
        this.#counted.delete(id);
      } else {
        this.#counted.set(
          id,
          versions.map(({ version, pods }) => ({ meshId, version, pods })),
        );
      }
    }
  }

  /** Ordered by mesh and version. */
  totals(): MeshProxyVersion[] {
    const totals = new Map<string, MeshProxyVersion>();
    for (const { meshId, version, pods } of [
      ...this.#counted.values(),
    ].flat()) {
      const key = JSON.stringify([meshId, version]);
      const former = totals.get(key)?.pods ?? 0;
      totals.set(key, { meshId, version, pods: former + pods });
    }
    return [...totals.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, total]) => total);
  }
}
