import {
  refuseTarget,
  selectTargets,
  type TargetVersions,
  type UpgradePosition,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh } from '../inventory/types';
import type { VersionCatalog } from '../versions/types';

/** Which versions a mesh may be upgraded to, by the rules and the registry's tags. */
export class MeshTargets {
  readonly #versions: VersionCatalog;

  static create(options: { versions: VersionCatalog }): MeshTargets {
    return new MeshTargets(options.versions);
  }

  private constructor(versions: VersionCatalog) {
    this.#versions = versions;
  }

  async targetsOf(
    mesh: InventoriedMesh,
  ): Promise<{ position: UpgradePosition; targets: TargetVersions }> {
    const { tags, sources } = await this.#versions.tagsFor(mesh);
    const position = {
      current: mesh.version,
      installed: mesh.versions,
      family: mesh.family,
      tags,
    };
    const clusters = mesh.clusters.map(({ cluster, kubernetesVersion }) => ({
      name: cluster,
      kubernetesVersion,
    }));
    const targets = {
      current: mesh.version,
      family: mesh.family,
      sources,
      ...selectTargets({ ...position, clusters, now: new Date() }),
    };
    return { position, targets };
  }

  /** A sentence why a version may not be upgraded to; undefined when it may. */
  async refuse(
    mesh: InventoriedMesh,
    targetVersion: string,
  ): Promise<string | undefined> {
    const { position } = await this.targetsOf(mesh);
    return refuseTarget(targetVersion, position)?.reason;
  }
}
