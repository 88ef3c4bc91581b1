import { toError } from '@backstage/errors';
import type { LeftoverList } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh, Inventory } from '../../inventory/types';
import { clientFor } from '../kubernetes/clientFor';
import { leftoversOn } from './leftoversOn';
import { controlPlaneNamespace } from './obstacle';
import type { Leftover } from './types';

const TIMEOUT_MS = 20_000;

/** Reads the clusters of a mesh for what its earlier revisions left; a cluster that does not answer hides no other. */
export class MeshLeftovers {
  readonly #clusters: ClusterRegistry;
  readonly #inventory: Pick<Inventory, 'mesh' | 'controlPlanes'>;

  /** What is being read, by mesh: pages ask all at once. */
  readonly #asked = new Map<string, Promise<LeftoverList | undefined>>();

  static create(options: {
    clusters: ClusterRegistry;
    inventory: Pick<Inventory, 'mesh' | 'controlPlanes'>;
  }): MeshLeftovers {
    return new MeshLeftovers(options);
  }

  private constructor(options: {
    clusters: ClusterRegistry;
    inventory: Pick<Inventory, 'mesh' | 'controlPlanes'>;
  }) {
    this.#clusters = options.clusters;
    this.#inventory = options.inventory;
  }

  /** Undefined for an unknown mesh. Who asks meanwhile gets the same answer. */
  async list(meshId: string): Promise<LeftoverList | undefined> {
    const asked = this.#asked.get(meshId);
    if (asked) {
      return asked;
    }
    const answer = this.#list(meshId).finally(() => this.#asked.delete(meshId));
    this.#asked.set(meshId, answer);
    return answer;
  }

  async #list(meshId: string): Promise<LeftoverList | undefined> {
    const mesh = await this.#inventory.mesh(meshId);
    if (!mesh) {
      return undefined;
    }
    const answers = await Promise.all(
      clustersOf(mesh).map(cluster => this.#answer(mesh, cluster)),
    );
    return {
      items: answers.flatMap(({ items }) => items),
      problems: answers.flatMap(({ problems }) => problems),
    };
  }

  /**
   * Those of one cluster, as they are now.
   *
   * @throws KubernetesError when the cluster does not answer
   */
  async on(
    mesh: InventoriedMesh,
    cluster: string,
    options: { signal: AbortSignal },
  ): Promise<Leftover[]> {
    const client = clientFor(this.#clusters, cluster);
    const [found, controlPlanes] = await Promise.all([
      leftoversOn(client, options),
      this.#inventory.controlPlanes(),
    ]);
    const own = new Set(
      mesh.clusters
        .flatMap(each => each.controlPlanes)
        .filter(each => each.cluster === cluster)
        .map(({ namespace }) => namespace),
    );
    // A cluster may hold control planes of several meshes.
    const others = new Set(
      controlPlanes
        .filter(each => each.cluster === cluster && !own.has(each.namespace))
        .map(({ namespace }) => namespace),
    );
    return found.filter(
      ({ object }) => !others.has(controlPlaneNamespace(object) ?? ''),
    );
  }

  async #answer(mesh: InventoriedMesh, cluster: string): Promise<LeftoverList> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const leftovers = await this.on(mesh, cluster, { signal });
      return { items: leftovers.map(({ view }) => view), problems: [] };
    } catch (error) {
      return {
        items: [],
        problems: [{ cluster, message: toError(error).message }],
      };
    }
  }
}

/** Every cluster of a mesh, those too that only hold its control plane. */
export function clustersOf(mesh: InventoriedMesh): string[] {
  return [
    ...new Set(
      mesh.clusters.flatMap(({ cluster, controlPlanes }) => [
        cluster,
        ...controlPlanes.map(each => each.cluster),
      ]),
    ),
  ];
}
