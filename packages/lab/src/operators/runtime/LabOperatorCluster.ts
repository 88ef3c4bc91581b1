import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../../cluster/Cluster';
import type { Resource } from '../../kubernetes/resources';
import type { Draft, KubeObject } from '../../kubernetes/types';
import { LabCharts } from '../charts/LabCharts';
import type { LabGit } from '../git/LabGit';
import type { OperatorCluster } from '../Operator';

/** A cluster of the lab, as its operators see it: past the API server and its faults. */
export class LabOperatorCluster implements OperatorCluster {
  readonly charts: LabCharts;
  readonly git: LabGit;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.charts = new LabCharts(cluster);
    this.git = cluster.git;
  }

  now() {
    return this.#cluster.clock.now();
  }

  async list<T extends KubeObject>(
    resource: Resource<T>,
    namespace?: string,
  ): Promise<readonly T[]> {
    return this.#cluster.store.list(resource, namespace);
  }

  async get<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
  ): Promise<T | undefined> {
    return this.#cluster.store.get(resource, namespace, name);
  }

  async create<T extends KubeObject>(
    resource: Resource<T>,
    draft: Draft<T>,
  ): Promise<T> {
    return this.#cluster.store.create(resource, draft);
  }

  async update<T extends KubeObject>(
    resource: Resource<T>,
    { metadata: { namespace, name } }: T,
    change: (current: T) => T,
  ): Promise<T> {
    return this.#cluster.store.update(resource, namespace, name, change);
  }

  async writeStatus<T extends KubeObject>(
    resource: Resource<T>,
    { metadata: { namespace, name } }: T,
    status: T['status'],
  ): Promise<void> {
    this.#cluster.store.update(resource, namespace, name, each =>
      isDeepStrictEqual(each.status, status) ? each : { ...each, status },
    );
  }

  async remove(resource: Resource, { metadata }: KubeObject): Promise<void> {
    this.#cluster.store.remove(resource, metadata.namespace, metadata.name);
  }
}
