import { ConflictError, toError } from '@backstage/errors';
import type {
  ClusterDefinition,
  ClustersExtensionPoint,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { ClusterEntry } from './ClusterEntry';
import { readOwnCluster } from './ownClusters';

/** Suppliers that modules added, by the name they gave. */
export type ClusterSuppliers = ReadonlyMap<
  string,
  () => Promise<ClusterDefinition[]>
>;

/** Collects what modules add before the backend starts. */
export class ClusterSupplierCollection implements ClustersExtensionPoint {
  readonly #suppliers = new Map<string, () => Promise<ClusterDefinition[]>>();

  get suppliers(): ClusterSuppliers {
    return this.#suppliers;
  }

  addClusters(
    source: string,
    supply: () => Promise<ClusterDefinition[]>,
  ): void {
    if (this.#suppliers.has(source)) {
      throw new ConflictError(
        `Clusters of '${source}' were added twice; give each module's source a name of its own`,
      );
    }
    this.#suppliers.set(source, supply);
  }
}

/** A supplier that fails becomes one misconfigured cluster of its name. */
export async function readSuppliedClusters(
  suppliers: ClusterSuppliers,
): Promise<ClusterEntry[]> {
  const entries = [...suppliers].map(async ([source, supply]) => {
    try {
      const definitions = await supply();
      return await Promise.all(
        definitions.map((definition, i) =>
          readOwnCluster(definition, `${source}[${i}]`),
        ),
      );
    } catch (error) {
      return [
        {
          name: source,
          title: source,
          mode: 'read' as const,
          origin: source,
          misconfiguration: `The clusters of '${source}' could not be read: ${
            toError(error).message
          }.`,
          remedy: `Look into the backend module that adds the clusters of '${source}'.`,
        },
      ];
    }
  });
  return (await Promise.all(entries)).flat();
}
