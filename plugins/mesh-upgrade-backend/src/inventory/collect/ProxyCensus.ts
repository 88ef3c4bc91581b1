import type { WorkloadDetail } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Live pods of one mesh of a cluster that run one version of the proxy. */
export interface MeshProxyVersion {
  meshId: string;
  version: string;
  pods: number;
}

/** Counts the proxies of a cluster by mesh and version from what changes, without another look at every pod or workload. */
export class ProxyCensus {
  readonly #counted = new Map<string, MeshProxyVersion[]>();
  readonly #totals = new Map<string, MeshProxyVersion>();

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
      this.#totals.clear();
    } else {
      removals.forEach(id => this.#count(id, []));
    }
    for (const { id, meshId, versions } of upserts) {
      this.#count(
        id,
        meshId === undefined
          ? []
          : versions.map(({ version, pods }) => ({ meshId, version, pods })),
      );
    }
  }

  /** Ordered by mesh and version. */
  totals(): MeshProxyVersion[] {
    return [...this.#totals.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, total]) => total);
  }

  #count(id: string, next: MeshProxyVersion[]): void {
    for (const { pods, ...former } of this.#counted.get(id) ?? []) {
      this.#add({ ...former, pods: -pods });
    }
    next.forEach(each => this.#add(each));
    if (next.length > 0) {
      this.#counted.set(id, next);
    } else {
      this.#counted.delete(id);
    }
  }

  #add({ meshId, version, pods }: MeshProxyVersion): void {
    const key = JSON.stringify([meshId, version]);
    const total = (this.#totals.get(key)?.pods ?? 0) + pods;
    if (total === 0) {
      this.#totals.delete(key);
    } else {
      this.#totals.set(key, { meshId, version, pods: total });
    }
  }
}
