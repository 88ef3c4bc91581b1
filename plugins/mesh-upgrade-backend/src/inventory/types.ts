import type {
  ClusterView,
  ControlPlaneView,
  MeshView,
  WorkloadDetail,
  WorkloadPage,
  WorkloadQuery,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** A mesh as the clusters show it; versions on offer, support and runs are other rooms' knowledge. */
export type InventoriedMesh = Omit<
  MeshView,
  'upgrade' | 'support' | 'activeRun'
> & {
  /** Image hubs of the control planes without the image name, e.g. `docker.io/istio`. */
  hubs: string[];
};

/** Restricts a workload list to what a user may see; undefined sees all. */
export interface WorkloadVisibility {
  owners: string[];
}

/** Answers from the database alone; any replica can be asked. */
export interface Inventory {
  clusters(): Promise<ClusterView[]>;
  meshes(): Promise<InventoriedMesh[]>;
  mesh(id: string): Promise<InventoriedMesh | undefined>;
  controlPlanes(): Promise<ControlPlaneView[]>;
  workloads(
    query: WorkloadQuery,
    visibility?: WorkloadVisibility,
  ): Promise<WorkloadPage>;
  workload(id: string): Promise<WorkloadDetail | undefined>;
  /** In the order asked for; unknown ids are left out. */
  workloadsById(ids: string[]): Promise<WorkloadDetail[]>;
  /** Every entity that owns a workload. */
  owners(): Promise<string[]>;
}

/** What selects the workloads of one catalog entity. */
export interface OwnershipIndex {
  /** Entity refs, sorted. */
  ownersOf(workload: {
    cluster: string;
    namespace: string;
    kind: string;
    name: string;
    /** Labels of the workload and of its pod template, merged. */
    labels: Record<string, string>;
  }): string[];
  /** Called after the entities' selectors changed. Returns a function that ends the subscription. */
  onChange(listener: () => void): () => void;
}
