import type { KubernetesClient, KubernetesObject } from '../../clusters/types';
import { FollowedObjects, type Selection } from './FollowedObjects';

/** Longer than the pause between two looks for changes by others. */
const IDLE_MS = 60_000;
const SWEEP_MS = 10_000;
/** Who was refused a watch is not asked for another one at every look. */
const REST_AFTER_FAILURE_MS = 30_000;
/** What is in them is not to lie about in memory. */
const NEVER_FOLLOWED = new Set(['secrets']);

interface Followed {
  objects?: FollowedObjects;
  readAt: number;
  failedAt?: number;
}

/**
 * Turns reads that are made again and again into one watch each. The first
 * read of a selection goes to the API server, as most are made only once; from
 * the second one on the selection is followed, until nobody reads it any more.
 */
export class ReadFollower {
  readonly #client: KubernetesClient;
  readonly #followed = new Map<string, Followed>();
  #sweep: NodeJS.Timeout | undefined;

  constructor(client: KubernetesClient) {
    this.#client = client;
  }

  /** The objects of a selection; undefined when the API server has to be asked. */
  read(selection: Selection): KubernetesObject[] | undefined {
    const { group, resource } = selection.resource;
    if (NEVER_FOLLOWED.has(resource)) {
      return undefined;
    }
    const now = performance.now();
    const key = JSON.stringify([
      group,
      resource,
      selection.namespace,
      selection.name,
      selection.labelSelector,
    ]);
    const followed = this.#followed.get(key);
    if (!followed) {
      this.#followed.set(key, { readAt: now });
      this.#sweep ??= setInterval(() => this.#forgetIdle(), SWEEP_MS).unref();
      return undefined;
    }
    followed.readAt = now;
    if (followed.objects?.failed) {
      followed.objects = undefined;
      followed.failedAt = now;
    }
    if (now - (followed.failedAt ?? -Infinity) > REST_AFTER_FAILURE_MS) {
      followed.objects ??= FollowedObjects.follow(this.#client, selection);
    }
    return followed.objects?.read();
  }

  stop(): void {
    this.#followed.forEach(({ objects }) => objects?.stop());
    this.#followed.clear();
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  #forgetIdle() {
    const since = performance.now() - IDLE_MS;
    for (const [key, { objects, readAt }] of this.#followed) {
      if (readAt < since) {
        objects?.stop();
        this.#followed.delete(key);
      }
    }
    if (this.#followed.size === 0) {
      this.stop();
    }
  }
}
