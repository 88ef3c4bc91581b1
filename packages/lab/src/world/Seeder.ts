import type { Cluster } from '../cluster/Cluster';
import { kubernetesTime } from '../Clock';
import type { Resource } from '../kubernetes/resources';
import type { Draft, KubeObject } from '../kubernetes/types';
import { stableUid } from '../random';

/** When the oldest object of the world was made; fixed, so that a seed decides everything. */
const BEGINNING = Date.parse('2026-09-01T08:00:00Z');
const SPACING = 7000;

/** Puts objects into a cluster with identities that nothing but the seed decides. */
export class Seeder {
  readonly cluster: Cluster;
  readonly #seed: number;
  #count = 0;

  constructor(cluster: Cluster, seed: number) {
    this.cluster = cluster;
    this.#seed = seed;
  }

  /** The time at which the next object will have been made. */
  get now(): string {
    // A large world would otherwise reach into the future.
    return kubernetesTime(new Date(BEGINNING + (this.#count % 5000) * SPACING));
  }

  put<T extends KubeObject>(resource: Resource<T>, draft: Draft<T>): T {
    const { namespace = '', name = '' } = draft.metadata;
    const uid = stableUid(
      this.#seed,
      this.cluster.name,
      resource.plural,
      namespace,
      name,
    );
    const creationTimestamp = this.now;
    this.#count += 1;
    return this.cluster.store.seed(resource, draft, { uid, creationTimestamp });
  }

  /** Gives a seeded object the status that its controllers would have written. */
  settle<T extends KubeObject>(
    resource: Resource<T>,
    object: T,
    change: (current: T) => T,
  ) {
    const { namespace, name } = object.metadata;
    this.cluster.store.update(resource, namespace, name, change);
  }
}
