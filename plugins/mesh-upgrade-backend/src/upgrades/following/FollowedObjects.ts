import { ServiceUnavailableError } from '@backstage/errors';
import type {
  KubernetesClient,
  KubernetesObject,
  ResourceType,
} from '../../clusters/types';

/** A server that ends each watch at once is not to be asked for the next one without a pause. */
const SHORT_WATCH_MS = 1_000;

/** Which objects of one cluster a read is about. */
export interface Selection {
  resource: ResourceType;
  namespace?: string;
  name?: string;
  labelSelector?: string;
}

/**
 * A few objects of one cluster, kept as they are by one list and one watch.
 * It gives up at the first failure: whoever asks then hears the API server's
 * own words from a request of their own.
 */
export class FollowedObjects {
  readonly #client: KubernetesClient;
  readonly #selection: Selection;
  readonly #abort = new AbortController();
  #objects: Map<string, KubernetesObject> | undefined;
  #failed = false;

  static follow(
    client: KubernetesClient,
    selection: Selection,
  ): FollowedObjects {
    const followed = new FollowedObjects(client, selection);
    followed.#run().catch(() => {
      followed.#objects = undefined;
      followed.#failed = true;
    });
    return followed;
  }

  private constructor(client: KubernetesClient, selection: Selection) {
    this.#client = client;
    this.#selection = selection;
  }

  /** True when they are not followed any more. */
  get failed(): boolean {
    return this.#failed;
  }

  /** The objects as last told; undefined while that is not known. */
  read(): KubernetesObject[] | undefined {
    return this.#objects && [...this.#objects.values()];
  }

  stop(): void {
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    const { resource, namespace, name, labelSelector } = this.#selection;
    const options = {
      namespace,
      labelSelector,
      ...(name !== undefined && { fieldSelector: `metadata.name=${name}` }),
      signal: this.#abort.signal,
    };
    const objects = new Map<string, KubernetesObject>();
    let version = '';
    for await (const page of this.#client.list(resource, options)) {
      page.items.forEach(object => objects.set(keyOf(object), object));
      version = page.resourceVersion;
    }
    this.#abort.signal.throwIfAborted();
    this.#objects = objects;
    // Servers end a watch now and then; it goes on where it was.
    for (;;) {
      const startedAt = performance.now();
      for await (const event of this.#client.watch(resource, {
        ...options,
        resourceVersion: version,
      })) {
        if (event.type === 'BOOKMARK') {
          version = event.resourceVersion;
          continue;
        }
        version = event.object.metadata.resourceVersion ?? version;
        if (event.type === 'DELETED') {
          objects.delete(keyOf(event.object));
        } else {
          objects.set(keyOf(event.object), event.object);
        }
      }
      this.#abort.signal.throwIfAborted();
      if (performance.now() - startedAt < SHORT_WATCH_MS) {
        throw new ServiceUnavailableError(
          `Cluster '${this.#client.cluster}' ends watches of ${
            resource.resource
          } at once`,
        );
      }
    }
  }
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
