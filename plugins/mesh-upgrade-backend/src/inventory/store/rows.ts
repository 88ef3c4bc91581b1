import type {
  ClusterView,
  WorkloadDetail,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedControlPlane } from '../rules/controlPlanes';
import { versionKey } from './versionKey';

const SEPARATOR = '|';

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
  /** 1 unless outdated. */
  settled: number;
  pods_total: number;
  pods_injected: number;
  pods_current: number;
  /** Sorts by the oldest proxy version. */
  version_key: string;
  /** As `|1.29.4|1.30.3|`. */
  versions: string;
  /** Names between spaces, which no word that is searched for contains. */
  search_text: string;
}

/** What is shown of a workload, beside the narrow row that lists are made from. */
export interface WorkloadDocumentRow {
  workload_id: string;
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

export function toWorkloadRow(view: WorkloadView): WorkloadRow {
  const versions = view.versions.map(({ version }) => version);
  return {
    id: view.id,
    cluster: view.cluster,
    namespace: view.namespace,
    kind: view.kind,
    name: view.name,
    mesh_id: view.meshId ?? null,
    status: view.status,
    outdated: view.outdated ? 1 : 0,
    settled: view.outdated ? 0 : 1,
    pods_total: view.pods.total,
    pods_injected: view.pods.injected,
    pods_current: currentPods(view),
    version_key: versionKey(versions),
    versions: versions.length > 0 ? versionMark(versions.join(SEPARATOR)) : '',
    search_text: [view.id, ...(view.services ?? [])]
      .join(' ')
      .toLocaleLowerCase('en-US'),
  };
}

export function toWorkloadDocument({
  podList,
  ...view
}: WorkloadDetail): WorkloadDocumentRow {
  return {
    workload_id: view.id,
    view: JSON.stringify(view),
    pods: JSON.stringify(podList),
  };
}

/** How a version stands among the versions of a row; no tag of an image holds a bar. */
export function versionMark(version: string): string {
  return `${SEPARATOR}${version}${SEPARATOR}`;
}

export function readVersions(versions: string): string[] {
  return versions.split(SEPARATOR).filter(Boolean);
}

export function toWorkloadView(
  row: Pick<WorkloadDocumentRow, 'view'>,
): WorkloadView {
  return JSON.parse(row.view);
}

export function toWorkloadDetail(
  row: Pick<WorkloadDocumentRow, 'view' | 'pods'>,
): WorkloadDetail {
  return { ...JSON.parse(row.view), podList: JSON.parse(row.pods) };
}

function currentPods({ desiredVersion, versions }: WorkloadView): number {
  return versions.find(({ version }) => version === desiredVersion)?.pods ?? 0;
}
