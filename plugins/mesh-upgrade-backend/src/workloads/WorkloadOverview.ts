import type {
  WorkloadDetail,
  WorkloadPage,
  WorkloadQuery,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Inventory, WorkloadVisibility } from '../inventory/types';
import type { UpgradeService } from '../upgrades/types';

interface WorkloadOverviewOptions {
  inventory: Pick<Inventory, 'workloads' | 'workload'>;
  upgrades: Pick<UpgradeService, 'lastUpgrades'>;
}

/** Workloads as people see them: what the clusters show, and when they were last upgraded from here. */
export class WorkloadOverview {
  readonly #options: WorkloadOverviewOptions;

  static create(options: WorkloadOverviewOptions): WorkloadOverview {
    return new WorkloadOverview(options);
  }

  private constructor(options: WorkloadOverviewOptions) {
    this.#options = options;
  }

  async workloads(
    query: WorkloadQuery,
    visibility?: WorkloadVisibility,
  ): Promise<WorkloadPage> {
    const page = await this.#options.inventory.workloads(query, visibility);
    return { ...page, items: await this.#withLastUpgrade(page.items) };
  }

  async workload(id: string): Promise<WorkloadDetail | undefined> {
    const found = await this.#options.inventory.workload(id);
    const [workload] = found ? await this.#withLastUpgrade([found]) : [];
    return workload;
  }

  async #withLastUpgrade<T extends WorkloadView>(items: T[]): Promise<T[]> {
    const last = await this.#options.upgrades.lastUpgrades(
      items.map(({ id }) => id),
    );
    return items.map(item => ({ ...item, lastUpgrade: last.get(item.id) }));
  }
}
