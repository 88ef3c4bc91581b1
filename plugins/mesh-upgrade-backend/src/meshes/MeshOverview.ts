import {
  parseIstioVersion,
  selectTargets,
  supportOf,
  type MeshView,
  type RunSummary,
  type TargetVersions,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh, Inventory } from '../inventory/types';
import type { UpgradeService } from '../upgrades/types';
import type { VersionCatalog } from '../versions/types';
import { describeUpgrade } from './describeUpgrade';

/** A mesh as people see it: what the clusters show, the versions on offer, and the run in progress. */
export class MeshOverview {
  readonly #options: {
    inventory: Inventory;
    versions: VersionCatalog;
    upgrades: Pick<UpgradeService, 'activeRuns'>;
  };

  static create(options: {
    inventory: Inventory;
    versions: VersionCatalog;
    upgrades: Pick<UpgradeService, 'activeRuns'>;
  }): MeshOverview {
    return new MeshOverview(options);
  }

  private constructor(options: {
    inventory: Inventory;
    versions: VersionCatalog;
    upgrades: Pick<UpgradeService, 'activeRuns'>;
  }) {
    this.#options = options;
  }

  async meshes(): Promise<MeshView[]> {
    const [meshes, runs] = await Promise.all([
      this.#options.inventory.meshes(),
      this.#options.upgrades.activeRuns(),
    ]);
    return Promise.all(meshes.map(mesh => this.#view(mesh, runs)));
  }

  async mesh(id: string): Promise<MeshView | undefined> {
    const mesh = await this.#options.inventory.mesh(id);
    return mesh && this.#view(mesh, await this.#options.upgrades.activeRuns());
  }

  async targets(id: string): Promise<TargetVersions | undefined> {
    const mesh = await this.#options.inventory.mesh(id);
    return mesh && this.#targetsOf(mesh);
  }

  async #view(mesh: InventoriedMesh, runs: RunSummary[]): Promise<MeshView> {
    const { hubs: _hubs, ...seen } = mesh;
    const activeRun = runs.find(
      run => run.kind === 'mesh' && run.meshId === mesh.id,
    );
    const version = mesh.version ? parseIstioVersion(mesh.version) : undefined;
    return {
      ...seen,
      status: activeRun ? 'upgrading' : mesh.status,
      upgrade: describeUpgrade(await this.#targetsOf(mesh)),
      support: version ? supportOf(version, new Date()) : { state: 'unknown' },
      activeRun,
    };
  }

  async #targetsOf(mesh: InventoriedMesh): Promise<TargetVersions> {
    const { tags, sources } = await this.#options.versions.tagsFor(mesh);
    return {
      current: mesh.version,
      family: mesh.family,
      sources,
      ...selectTargets({
        current: mesh.version,
        family: mesh.family,
        tags,
        clusters: mesh.clusters.map(({ cluster, kubernetesVersion }) => ({
          name: cluster,
          kubernetesVersion,
        })),
        now: new Date(),
      }),
    };
  }
}
