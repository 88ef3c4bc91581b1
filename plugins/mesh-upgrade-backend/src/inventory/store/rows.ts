import type {
  ClusterView,
  WorkloadDetail,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedControlPlane } from '../rules/controlPlanes';

/** A cluster and the meshes that were seen on it. */
export interface InventoriedCluster {
  view: ClusterView;
  meshIds: string[];
}

export interface ClusterRow {
  name: string;
  title: string;
  mode: string;
  kubernetes_version: string | null;
  health_state: string;
  health_reason: string | null;
  health_remedy: string | null;
  health_since: string;
  observed_at: string | null;
  mesh_ids: string;
}

export interface ControlPlaneRow {
  id: string;
  cluster: string;
  mesh_id: string;
  hub: string;
  view: string;
}

export interface WorkloadRow {
  id: string;
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
  mesh_id: string | null;
  status: string;
  outdated: number;
  pods_injected: number;
  pods_current: number;
  view: string;
  pods: string;
}

export function toClusterRow({
  view,
  meshIds,
}: InventoriedCluster): ClusterRow {
  return {
    name: view.name,
    title: view.title,
    mode: view.mode,
    kubernetes_version: view.kubernetesVersion ?? null,
    health_state: view.health.state,
    health_reason: view.health.reason ?? null,
    health_remedy: view.health.remedy ?? null,
    health_since: view.health.since,
    observed_at: view.observedAt ?? null,
    mesh_ids: JSON.stringify(meshIds),
  };
}

export function fromClusterRow(row: ClusterRow): InventoriedCluster {
  return {
    view: {
      name: row.name,
      title: row.title,
      mode: row.mode as ClusterView['mode'],
      kubernetesVersion: row.kubernetes_version ?? undefined,
      health: {
        state: row.health_state as ClusterView['health']['state'],
        reason: row.health_reason ?? undefined,
        remedy: row.health_remedy ?? undefined,
        since: row.health_since,
      },
      observedAt: row.observed_at ?? undefined,
    },
    meshIds: JSON.parse(row.mesh_ids),
  };
}

export function toControlPlaneRow({
  meshId,
  hub,
  view,
}: InventoriedControlPlane): ControlPlaneRow {
  return {
    id: `${view.cluster}/${view.namespace}/${view.name}`,
    cluster: view.cluster,
    mesh_id: meshId,
    hub,
    view: JSON.stringify(view),
  };
}

export function fromControlPlaneRow(
  row: ControlPlaneRow,
): InventoriedControlPlane {
  return { meshId: row.mesh_id, hub: row.hub, view: JSON.parse(row.view) };
}

export function toWorkloadRow({
  podList,
  ...view
}: WorkloadDetail): WorkloadRow {
  return {
    id: view.id,
    cluster: view.cluster,
    namespace: view.namespace,
    kind: view.kind,
    name: view.name,
    mesh_id: view.meshId ?? null,
    status: view.status,
    outdated: view.outdated ? 1 : 0,
    pods_injected: view.pods.injected,
    pods_current: currentPods(view),
    view: JSON.stringify(view),
    pods: JSON.stringify(podList),
  };
}

export function toWorkloadView(row: Pick<WorkloadRow, 'view'>): WorkloadView {
  return JSON.parse(row.view);
}

export function toWorkloadDetail(
  row: Pick<WorkloadRow, 'view' | 'pods'>,
): WorkloadDetail {
  return { ...JSON.parse(row.view), podList: JSON.parse(row.pods) };
}

function currentPods({ desiredVersion, versions }: WorkloadView): number {
  return versions.find(({ version }) => version === desiredVersion)?.pods ?? 0;
}
