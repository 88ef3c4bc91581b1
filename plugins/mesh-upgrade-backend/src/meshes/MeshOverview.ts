import type {
  MeshView,
  RunSummary,
  TargetVersions,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh, Inventory } from '../inventory/types';
import type { UpgradeService } from '../upgrades/types';
import type { MeshTargets, TargetWishes } from './MeshTargets';

interface MeshOverviewOptions {
  inventory: Inventory;
  targets: MeshTargets;
  upgrades: Pick<UpgradeService, 'activeRuns'>;
}

/** A mesh as people see it: what the clusters show, the versions on offer, and the run in progress. */
export class MeshOverview {
  readonly #options: MeshOverviewOptions;

  static create(options: MeshOverviewOptions): MeshOverview {
    return new MeshOverview(options);
  }

  private constructor(options: MeshOverviewOptions) {
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

  async targets(
    id: string,
    wishes: TargetWishes,
  ): Promise<TargetVersions | undefined> {
    const mesh = await this.#options.inventory.mesh(id);
    return mesh && this.#options.targets.targetsOf(mesh, wishes);
  }

  async #view(mesh: InventoriedMesh, runs: RunSummary[]): Promise<MeshView> {
    const { hubs: _hubs, ...seen } = mesh;
    const activeRun = runs.find(
      run => run.kind === 'mesh' && run.meshId === mesh.id,
    );
    return {
      ...seen,
      status: activeRun && changes(activeRun) ? 'upgrading' : mesh.status,
      ...(await this.#options.targets.glance(mesh)),
      activeRun,
    };
  }
}

/** A run that only waits for its time, or was paused before it, has changed nothing, perhaps for days. */
function changes({ startedAt, state, waitsFor }: RunSummary): boolean {
  const isHeld = waitsFor !== undefined || state === 'paused';
  return startedAt !== undefined || !isHeld;
}
