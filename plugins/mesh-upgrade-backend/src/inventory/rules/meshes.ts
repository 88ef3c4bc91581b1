import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  ClusterView,
  InstallEvidence,
  MeshClusterView,
  MeshStatus,
  MeshType,
  MeshView,
  ProxyVersionCount,
  RevisionView,
  RevisionTagView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventorySettings } from '../settings';
import type { InventoriedMesh } from '../types';
import type { MeshProxyVersion } from '../collect/ProxyCensus';
import type { InventoriedControlPlane } from './controlPlanes';
import { clusterRole, describeParts } from './meshRoles';
import type { MeshParts } from './meshParts';
import { sortVersions } from './versionOrder';

/** Family of a mesh whose versions cannot be read. */
const UNKNOWN_FAMILY = 'unknown';

/** The most serious first. */
const SERIOUSNESS: MeshStatus[] = [
  'abnormal',
  'notReady',
  'unreachable',
  'unknown',
];

export interface MeshSources {
  /** Every cluster with the meshes that were seen on it. */
  clusters: { view: ClusterView; meshIds: string[] }[];
  controlPlanes: InventoriedControlPlane[];
  parts: MeshParts[];
  /** Census over all clusters. */
  proxyVersions: MeshProxyVersion[];
  /** Sidecar counts by mesh id. */
  sidecars: Map<string, MeshView['sidecars']>;
}

/** Groups what the clusters show into meshes, ordered by id. */
export function groupMeshes(
  sources: MeshSources,
  settings: InventorySettings,
): InventoriedMesh[] {
  const ids = new Set([
    ...settings.meshes.map(mesh => mesh.id),
    ...sources.clusters.flatMap(cluster => cluster.meshIds),
    ...sources.controlPlanes.map(controlPlane => controlPlane.meshId),
  ]);
  return [...ids].sort().map(id => describeMesh(id, sources, settings));
}

function describeMesh(
  id: string,
  sources: MeshSources,
  settings: InventorySettings,
): InventoriedMesh {
  const setting = settings.meshes.find(mesh => mesh.id === id);
  const own = sources.controlPlanes.filter(({ meshId }) => meshId === id);
  const parts = sources.parts.filter(({ meshId }) => meshId === id);
  const clusters = sources.clusters
    .filter(
      ({ view, meshIds }) =>
        meshIds.includes(id) || setting?.clusters.includes(view.name),
    )
    .map(({ view }) => toMeshCluster(view, own, parts));
  const described = describeParts(clusters, parts);
  const versions = versionsOf(own, described.revisions, clusters);
  return {
    id,
    name: setting?.name ?? id,
    type: typeOf(clusters),
    family: parseIstioVersion(versions[0] ?? '')?.family ?? UNKNOWN_FAMILY,
    ...statusOf(
      clusters,
      unconfiguredClusters(setting?.clusters ?? [], sources),
      described,
    ),
    version: versions[0],
    versions,
    clusters,
    install: commonInstall(own),
    ...described,
    proxyVersions: census(id, sources.proxyVersions),
    sidecars: sources.sidecars.get(id) ?? {
      total: 0,
      current: 0,
      workloads: 0,
      outdatedWorkloads: 0,
    },
    hubs: [...new Set(own.map(({ hub }) => hub).filter(Boolean))].sort(),
  };
}

/** An istiod out of sight runs what it injects. */
function versionsOf(
  controlPlanes: InventoriedControlPlane[],
  revisions: RevisionView[],
  clusters: MeshClusterView[],
): string[] {
  const external = clusters
    .filter(({ role }) => role === 'external')
    .map(({ cluster }) => cluster);
  return sortVersions([
    ...controlPlanes.flatMap(({ view }) => view.version ?? []),
    ...revisions
      .filter(({ cluster }) => external.includes(cluster))
      .flatMap(({ injects }) => injects ?? []),
  ]);
}

function toMeshCluster(
  { name, mode, kubernetesVersion, health }: ClusterView,
  controlPlanes: InventoriedControlPlane[],
  parts: MeshParts[],
): MeshClusterView {
  return {
    cluster: name,
    mode,
    role: clusterRole(name, controlPlanes, parts),
    kubernetesVersion,
    health,
    controlPlanes: controlPlanes
      .map(({ view }) => view)
      .filter(({ cluster }) => cluster === name),
  };
}

/** Where nobody sees an istiod, but sidecars come from one, it is somebody else's. */
function typeOf(clusters: MeshClusterView[]): MeshType {
  const roles = new Set(clusters.map(({ role }) => role));
  if (roles.has('external') && !roles.has('primary')) {
    return 'external';
  }
  return clusters.length > 1 ? 'hosted' : 'dedicated';
}

/** The oldest first; what tells no version comes last. */
function census(
  id: string,
  proxyVersions: MeshProxyVersion[],
): ProxyVersionCount[] {
  const own = proxyVersions.filter(({ meshId }) => meshId === id);
  const readable = (version: string) =>
    parseIstioVersion(version) !== undefined;
  const order = sortVersions(own.map(({ version }) => version));
  return [
    ...order.filter(readable),
    ...order.filter(each => !readable(each)),
  ].map(version => ({
    version,
    pods: own
      .filter(each => each.version === version)
      .reduce((sum, { pods }) => sum + pods, 0),
  }));
}

function unconfiguredClusters(
  names: string[],
  { clusters }: MeshSources,
): string[] {
  return names.filter(name => !clusters.some(({ view }) => view.name === name));
}

/**
 * The most serious finding is the status and all are told. What is read from
 * a cluster that does not answer is old: it is not judged.
 */
function statusOf(
  clusters: MeshClusterView[],
  unconfigured: string[],
  { revisions, tags }: Pick<MeshView, 'revisions' | 'tags'>,
): { status: MeshStatus; reasons: string[] } {
  const findings = [
    ...clusters.flatMap(judgeCluster),
    ...unconfigured.map(name => ({
      status: 'unknown' as const,
      reason: `Cluster ${name} belongs to the mesh but is not configured`,
    })),
    ...judgeFamilies(clusters),
    ...judgeTags(tags),
    ...judgeExternal(clusters, revisions),
  ];
  const seesExternal = clusters.some(({ role }) => role === 'external');
  if (
    !seesExternal &&
    clusters.every(({ controlPlanes }) => controlPlanes.length === 0)
  ) {
    const blind =
      clusters.length === 0 ||
      clusters.some(({ health }) => health.state !== 'healthy');
    findings.push({
      status: blind ? 'unknown' : 'notReady',
      reason: 'No control plane was found on the clusters of the mesh',
    });
  }
  const status = SERIOUSNESS.find(candidate =>
    findings.some(finding => finding.status === candidate),
  );
  return {
    status: status ?? 'running',
    reasons: findings.map(({ reason }) => reason),
  };
}

interface Finding {
  status: MeshStatus;
  reason: string;
}

function judgeCluster({
  cluster,
  health,
  controlPlanes,
}: MeshClusterView): Finding[] {
  switch (health.state) {
    case 'healthy':
      return judgeControlPlanes(controlPlanes);
    case 'forbidden':
      return [
        ...judgeControlPlanes(controlPlanes),
        {
          status: 'unknown',
          reason: `Cluster ${cluster} cannot be read completely: ${health.reason}`,
        },
      ];
    case 'unreachable':
      return [
        {
          status: 'unreachable',
          reason: `Cluster ${cluster} is unreachable since ${health.since}: ${health.reason}`,
        },
      ];
    case 'unauthorized':
      return [
        {
          status: 'unreachable',
          reason: `Cluster ${cluster} refuses the credentials: ${health.reason}`,
        },
      ];
    case 'misconfigured':
      return [
        {
          status: 'unknown',
          reason: `Cluster ${cluster} is misconfigured: ${health.reason}`,
        },
      ];
    default:
      return [
        { status: 'unknown', reason: `Cluster ${cluster} is still being read` },
      ];
  }
}

function judgeControlPlanes(
  controlPlanes: MeshClusterView['controlPlanes'],
): Finding[] {
  return controlPlanes.flatMap(controlPlane => {
    const {
      cluster,
      namespace,
      name,
      desiredReplicas,
      readyReplicas,
      updatedReplicas,
    } = controlPlane;
    const where = `${namespace}/${name} on cluster ${cluster}`;
    const findings: Finding[] = controlPlane.problems.map(problem => ({
      status: 'abnormal',
      reason: `${where}: ${problem}`,
    }));
    if (desiredReplicas === 0) {
      findings.push({
        status: 'notReady',
        reason: `${where} is scaled to zero`,
      });
    } else if (readyReplicas < desiredReplicas) {
      findings.push({
        status: 'notReady',
        reason: `${where}: ${readyReplicas} of ${desiredReplicas} replicas are ready`,
      });
    } else if (updatedReplicas < desiredReplicas) {
      findings.push({
        status: 'notReady',
        reason: `${where}: ${updatedReplicas} of ${desiredReplicas} replicas run the image of the Deployment`,
      });
    }
    if (controlPlane.version === undefined) {
      findings.push({
        status: 'unknown',
        reason: `${where}: the image ${controlPlane.image} tells no version${
          controlPlane.versionProblem
            ? `, and istiod could not be asked: ${controlPlane.versionProblem}`
            : ''
        }`,
      });
    }
    return findings;
  });
}

function judgeFamilies(clusters: MeshClusterView[]): Finding[] {
  const families = new Set(
    clusters
      .flatMap(({ controlPlanes }) => controlPlanes)
      .flatMap(({ version }) => parseIstioVersion(version ?? '')?.family ?? []),
  );
  return families.size > 1
    ? [
        {
          status: 'abnormal',
          reason: `Control planes of several families are mixed: ${[...families]
            .sort()
            .join(', ')}`,
        },
      ]
    : [];
}

/** A tag that leads nowhere keeps the pods of its users from starting. */
function judgeTags(tags: RevisionTagView[]): Finding[] {
  return tags.flatMap(({ cluster, tag, namespaces, workloads, problem }) =>
    problem && namespaces + workloads > 0
      ? [
          {
            status: 'abnormal',
            reason: `Tag ${tag} on cluster ${cluster}: ${problem}`,
          },
        ]
      : [],
  );
}

function judgeExternal(
  clusters: MeshClusterView[],
  revisions: RevisionView[],
): Finding[] {
  const told = (cluster: string) =>
    revisions.some(one => one.cluster === cluster && one.injects !== undefined);
  return clusters
    .filter(({ role }) => role === 'external')
    .map(({ cluster }) => ({
      status: 'unknown',
      reason: `The control plane of cluster ${cluster} runs outside of the configured clusters: its health and version are not seen${
        told(cluster) ? ', only which version it injects' : ''
      }`,
    }));
}

/** A mesh is upgraded in one way, so control planes installed differently have no common method. */
function commonInstall(
  controlPlanes: InventoriedControlPlane[],
): InstallEvidence {
  const methods = new Set(controlPlanes.map(({ view }) => view.install.method));
  const [method] = methods;
  return {
    method: methods.size === 1 ? method : 'unknown',
    evidence: controlPlanes.flatMap(({ view }) =>
      view.install.evidence.map(
        mark => `${view.cluster}: ${view.namespace}/${view.name}: ${mark}`,
      ),
    ),
  };
}
