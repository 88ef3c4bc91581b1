import type { Knex } from 'knex';
import type {
  ClusterView,
  ControlPlaneView,
  MeshView,
  WorkloadDetail,
  WorkloadPage,
  WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { MeshProxyVersion } from '../collect/ProxyCensus';
import { groupMeshes } from '../rules/meshes';
import type { MeshParts } from '../rules/meshParts';
import type { InventorySettings } from '../settings';
import type { InventoriedMesh, Inventory, WorkloadVisibility } from '../types';
import { decodeCursor, encodeCursor } from './cursor';
import {
  fromClusterRow,
  fromControlPlaneRow,
  toWorkloadDetail,
  toWorkloadView,
} from './rows';
import type {
  ClusterRow,
  ControlPlaneRow,
  InventoriedCluster,
  WorkloadDocumentRow,
  WorkloadRow,
} from './rows';
import { applyWorkloadFilter, isSearch } from './workloadFilter';
import {
  applyWorkloadOrder,
  applyWorkloadPosition,
  DEFAULT_SORT,
  workloadOrder,
} from './workloadSort';
import { WorkloadTallies } from './WorkloadTallies';
import type { Found } from './WorkloadTallies';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** So many found workloads are read by their ids. */
const FEW = 200;

/** Ids per statement: below the bind variable limits of both databases. */
const IDS_PER_QUERY = 1000;

/** Sums as the database answers them. */
interface SidecarCounts {
  mesh_id: string;
  total: number | string;
  current: number | string;
  workloads: number | string;
  outdatedWorkloads: number | string;
}

/** Answers every question from the database, and so on every replica alike. */
export class DatabaseInventory implements Inventory {
  readonly #knex: Knex;
  readonly #settings: InventorySettings;
  readonly #tallies: WorkloadTallies;

  static create(options: {
    database: Knex;
    settings: InventorySettings;
  }): DatabaseInventory {
    return new DatabaseInventory(options);
  }

  private constructor(options: {
    database: Knex;
    settings: InventorySettings;
  }) {
    this.#knex = options.database;
    this.#settings = options.settings;
    this.#tallies = WorkloadTallies.create(options);
  }

  async clusters(): Promise<ClusterView[]> {
    return (await this.#clusters()).map(({ view }) => view);
  }

  async meshes(): Promise<InventoriedMesh[]> {
    const [clusters, controlPlanes, parts, proxyVersions, sidecars] =
      await Promise.all([
        this.#clusters(),
        this.#controlPlanes(),
        this.#parts(),
        this.#proxyVersions(),
        this.#sidecars(),
      ]);
    return groupMeshes(
      { clusters, controlPlanes, parts, proxyVersions, sidecars },
      this.#settings,
    );
  }

  async mesh(id: string): Promise<InventoriedMesh | undefined> {
    return (await this.meshes()).find(mesh => mesh.id === id);
  }

  async controlPlanes(): Promise<ControlPlaneView[]> {
    return (await this.#controlPlanes()).map(({ view }) => view);
  }

  async workloads(
    query: WorkloadQuery,
    visibility?: WorkloadVisibility,
  ): Promise<WorkloadPage> {
    const limit = Math.min(
      Math.max(query.limit ?? DEFAULT_LIMIT, 1),
      MAX_LIMIT,
    );
    const order = workloadOrder(query.sort ?? DEFAULT_SORT);
    const position =
      query.cursor === undefined
        ? undefined
        : decodeCursor(order, query.cursor);

    const finding = this.#tallies.find(query, visibility);
    // Indexes lead to everything but parts of words and owners: there the ids help.
    const few = isSearch(query, visibility) ? fewIds(await finding) : undefined;
    // One more than asked for tells whether there is a next page.
    const narrow = this.#knex<WorkloadRow>('workloads')
      .modify(builder => {
        applyWorkloadFilter(builder, query, visibility);
        if (few) {
          builder.whereIn('id', few);
        }
        if (position) {
          applyWorkloadPosition(builder, order, position);
        }
        applyWorkloadOrder(builder, order);
      })
      .select(order.columns)
      .limit(limit + 1);
    const [found, rows] = await Promise.all([
      finding,
      few?.length === 0
        ? []
        : this.#knex
            .from(narrow.as('page'))
            .join(
              'workload_documents',
              'workload_documents.workload_id',
              'page.id',
            )
            .select<(WorkloadRow & WorkloadDocumentRow)[]>('page.*', 'view')
            .modify(builder => applyWorkloadOrder(builder, order)),
    ]);

    const page = rows.slice(0, limit);
    return {
      items: page.map(toWorkloadView),
      total: found.total,
      nextCursor:
        rows.length > limit
          ? encodeCursor(order, page[page.length - 1])
          : undefined,
      facets: query.facets ? found.facets() : undefined,
    };
  }

  async workload(id: string): Promise<WorkloadDetail | undefined> {
    const [detail] = await this.workloadsById([id]);
    return detail;
  }

  async workloadsById(ids: string[]): Promise<WorkloadDetail[]> {
    const found = new Map<string, WorkloadDetail>();
    for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
      const rows: WorkloadDocumentRow[] = await this.#knex('workload_documents')
        .select()
        .whereIn('workload_id', ids.slice(start, start + IDS_PER_QUERY));
      rows.forEach(row => found.set(row.workload_id, toWorkloadDetail(row)));
    }
    return ids.flatMap(id => found.get(id) ?? []);
  }

  async owners(): Promise<string[]> {
    return this.#knex('workload_owners')
      .distinct()
      .orderBy('owner')
      .pluck('owner');
  }

  async #clusters(): Promise<InventoriedCluster[]> {
    const rows: ClusterRow[] = await this.#knex('clusters')
      .select()
      .orderBy('name');
    return rows.map(fromClusterRow);
  }

  async #controlPlanes() {
    const rows: ControlPlaneRow[] = await this.#knex('control_planes')
      .select()
      .orderBy('id');
    return rows.map(fromControlPlaneRow);
  }

  async #parts(): Promise<MeshParts[]> {
    const views: string[] = await this.#knex('mesh_parts')
      .orderBy(['mesh_id', 'cluster'])
      .pluck('view');
    return views.map(view => JSON.parse(view));
  }

  async #proxyVersions(): Promise<MeshProxyVersion[]> {
    const rows: { mesh_id: string; version: string; pods: number | string }[] =
      await this.#knex('proxy_versions')
        .select('mesh_id', 'version')
        .sum({ pods: 'pods' })
        .groupBy('mesh_id', 'version');
    return rows.map(({ mesh_id: meshId, version, pods }) => ({
      meshId,
      version,
      pods: Number(pods),
    }));
  }

  /** Sidecar counts by mesh id. */
  async #sidecars(): Promise<Map<string, MeshView['sidecars']>> {
    const rows: SidecarCounts[] = await this.#knex('workloads')
      .select('mesh_id')
      .sum({
        total: 'pods_injected',
        current: 'pods_current',
        outdatedWorkloads: 'outdated',
      })
      .select(
        this.#knex.raw(
          'sum(case when pods_injected > 0 then 1 else 0 end) as workloads',
        ),
      )
      .whereNotNull('mesh_id')
      .groupBy('mesh_id');
    // PostgreSQL answers sums of integers as strings.
    return new Map(
      rows.map(row => [
        row.mesh_id,
        {
          total: Number(row.total),
          current: Number(row.current),
          workloads: Number(row.workloads),
          outdatedWorkloads: Number(row.outdatedWorkloads),
        },
      ]),
    );
  }
}

function fewIds({ total, ids }: Found): string[] | undefined {
  return total <= FEW ? ids() : undefined;
}
