import type {
  Cluster,
  ClusterRegistry,
  KubernetesClient,
} from '../../clusters/types';

/** A client that does some things in another way, and all others as before. */
export function withMethods(
  client: KubernetesClient,
  methods: Partial<Record<keyof KubernetesClient, unknown>>,
): KubernetesClient {
  return new Proxy(client, {
    get(target, key) {
      if (Object.hasOwn(methods, key)) {
        return methods[key as keyof KubernetesClient];
      }
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The same clusters with other clients: always the same one for each of theirs. */
export function mapClients(
  clusters: ClusterRegistry,
  change: (client: KubernetesClient) => KubernetesClient,
): ClusterRegistry {
  const changed = new WeakMap<KubernetesClient, KubernetesClient>();
  const map = (cluster: Cluster): Cluster => {
    if (!cluster.client) {
      return cluster;
    }
    const client = changed.get(cluster.client) ?? change(cluster.client);
    changed.set(cluster.client, client);
    return { ...cluster, client };
  };
  return {
    list: () => clusters.list().map(map),
    get(name) {
      const cluster = clusters.get(name);
      return cluster && map(cluster);
    },
  };
}
