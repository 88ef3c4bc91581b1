import type {
  Cluster,
  ClusterRegistry,
  KubernetesClient,
  ListPage,
  ObjectRef,
  ResourceType,
  SelectOptions,
} from '../../clusters/types';
import { withMethods } from '../kubernetes/withMethods';
import { ReadFollower } from './ReadFollower';

/**
 * The same clusters, whose repeated reads are answered by watches: looking at
 * a run costs the API server nothing while nothing changes. What is read may
 * lag behind the cluster by the time that an event takes.
 */
export class FollowedClusters implements ClusterRegistry {
  readonly #clusters: ClusterRegistry;
  readonly #followers = new Map<KubernetesClient, ReadFollower>();

  constructor(clusters: ClusterRegistry) {
    this.#clusters = clusters;
  }

  list(): Cluster[] {
    return this.#clusters.list().map(cluster => this.#follow(cluster));
  }

  get(name: string): Cluster | undefined {
    const cluster = this.#clusters.get(name);
    return cluster && this.#follow(cluster);
  }

  /** Ends every watch. */
  stop(): void {
    this.#followers.forEach(follower => follower.stop());
    this.#followers.clear();
  }

  #follow(cluster: Cluster): Cluster {
    const { client } = cluster;
    if (!client) {
      return cluster;
    }
    const follower = this.#followers.get(client) ?? new ReadFollower(client);
    this.#followers.set(client, follower);
    return { ...cluster, client: withReadsOf(client, follower) };
  }
}

function withReadsOf(
  client: KubernetesClient,
  follower: ReadFollower,
): KubernetesClient {
  const reads = {
    async get(ref: ObjectRef, options?: { signal?: AbortSignal }) {
      const { namespace, name, ...resource } = ref;
      // What is not there is told by the API server, in its words.
      return (
        follower.read({ resource, namespace, name })?.[0] ??
        client.get(ref, options)
      );
    },
    async *list(
      resource: ResourceType,
      options: SelectOptions & { limit?: number } = {},
    ): AsyncIterable<ListPage<unknown>> {
      const { namespace, labelSelector, fieldSelector } = options;
      const items =
        fieldSelector === undefined &&
        follower.read({ resource, namespace, labelSelector });
      if (items) {
        yield { items, resourceVersion: '' };
      } else {
        yield* client.list(resource, options);
      }
    },
  };
  return withMethods(client, reads);
}
