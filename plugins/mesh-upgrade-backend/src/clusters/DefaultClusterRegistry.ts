import type {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { ClusterClient } from './ClusterClient';
import type { ClusterEntry } from './config/ClusterEntry';
import { readClusters } from './config/readClusters';
import type { ClusterSuppliers } from './config/suppliedClusters';
import type { Cluster, ClusterRegistry } from './types';

function clusterFrom(entry: ClusterEntry): Cluster {
  const { name, title, mode } = entry;
  if ('settings' in entry) {
    const { settings } = entry;
    return {
      name,
      title,
      mode,
      client: ClusterClient.create({ cluster: name, settings }),
    };
  }
  const { misconfiguration, remedy } = entry;
  return { name, title, mode, misconfiguration, remedy };
}

/** The clusters as the configuration tells them when the backend starts. */
export class DefaultClusterRegistry implements ClusterRegistry {
  readonly #clusters: Map<string, Cluster>;

  /** Never rejects; every cluster that cannot be used is logged with the remedy. */
  static async fromConfig(
    config: RootConfigService,
    options: { logger: LoggerService; suppliers?: ClusterSuppliers },
  ): Promise<DefaultClusterRegistry> {
    const clusters = (await readClusters(config, options.suppliers)).map(
      clusterFrom,
    );
    for (const cluster of clusters) {
      if (!cluster.client) {
        options.logger.warn(
          `Cluster '${cluster.name}' is not used. ${cluster.misconfiguration} ${cluster.remedy}`,
        );
      }
    }
    return new DefaultClusterRegistry(clusters);
  }

  private constructor(clusters: Cluster[]) {
    this.#clusters = new Map(clusters.map(cluster => [cluster.name, cluster]));
  }

  list(): Cluster[] {
    return [...this.#clusters.values()];
  }

  get(name: string): Cluster | undefined {
    return this.#clusters.get(name);
  }
}
