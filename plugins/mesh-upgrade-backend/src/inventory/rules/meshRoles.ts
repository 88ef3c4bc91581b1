import type {
  MeshClusterRole,
  MeshClusterView,
  MeshComponentView,
  MeshView,
  RevisionTagView,
  RevisionView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { componentBehind } from './componentBehind';
import type { InventoriedControlPlane } from './controlPlanes';
import type { MeshParts } from './meshParts';

/** Where the istiod is that serves a cluster of a mesh. */
export function clusterRole(
  cluster: string,
  controlPlanes: InventoriedControlPlane[],
  parts: MeshParts[],
): MeshClusterRole {
  if (controlPlanes.some(({ view }) => view.cluster === cluster)) {
    return 'primary';
  }
  const revisions = parts
    .filter(part => part.cluster === cluster)
    .flatMap(part => part.revisions);
  if (revisions.length === 0) {
    return 'none';
  }
  // A remote cluster calls the istiod of a primary by URL, or by a Service that leads there.
  if (controlPlanes.length > 0) {
    return 'remote';
  }
  return revisions.some(({ url }) => url !== undefined) ? 'external' : 'none';
}

/** Joins the parts of all clusters and says what only the whole mesh shows. */
export function describeParts(
  clusters: MeshClusterView[],
  parts: MeshParts[],
): Pick<MeshView, 'revisions' | 'tags' | 'components'> {
  const roles = new Map(clusters.map(({ cluster, role }) => [cluster, role]));
  const primaries = clusters
    .filter(({ role }) => role === 'primary')
    .map(({ cluster }) => cluster);
  const controlPlanes = clusters.flatMap(each => each.controlPlanes);
  const revisions = parts.flatMap(part => part.revisions);
  return {
    revisions: revisions.map(revision => ({
      ...revision,
      note:
        revision.note ??
        absenceNote(revision, roles.get(revision.cluster), primaries),
    })),
    tags: parts
      .flatMap(part => part.tags)
      .map(tag => ({
        ...tag,
        problem:
          tag.problem ?? tagProblem(tag, revisions, roles.get(tag.cluster)),
      })),
    components: [
      ...controlPlanes.map(toComponent),
      ...parts
        .flatMap(part => part.components)
        .map(component => ({
          ...component,
          behind: componentBehind(component, controlPlanes),
        })),
    ],
  };
}

/** Why there is no istiod of a revision in its cluster. */
function absenceNote(
  { controlPlane, url, revision }: RevisionView,
  role: MeshClusterRole | undefined,
  primaries: string[],
): string | undefined {
  if (controlPlane) {
    return undefined;
  }
  const where = url === undefined ? '' : ` at ${url}`;
  if (role === 'remote') {
    return `Remote: an istiod of another cluster injects${where}; the mesh has ${primaries.join(
      ', ',
    )}`;
  }
  return url === undefined
    ? `No istiod of revision ${revision} runs in the cluster, but its webhooks are there: pods that ask for it are refused`
    : `External: an istiod outside of the cluster injects${where}`;
}

/** On a remote cluster no revision has an istiod of its own: then one of the mesh has to have it. */
function tagProblem(
  { cluster, revision }: RevisionTagView,
  revisions: RevisionView[],
  role: MeshClusterRole | undefined,
): string | undefined {
  const served = revisions.some(
    each =>
      each.revision === revision &&
      (role === 'remote'
        ? each.controlPlane !== undefined
        : each.cluster === cluster &&
          (each.controlPlane !== undefined || each.url !== undefined)),
  );
  if (served) {
    return undefined;
  }
  return role === 'remote'
    ? `It points to revision ${revision}, of which no istiod runs in any cluster of the mesh: new pods of its users are refused`
    : `It points to revision ${revision}, of which no istiod runs in the cluster: new pods of its users are refused`;
}

function toComponent({
  cluster,
  namespace,
  name,
  version,
  image,
  desiredReplicas,
  readyReplicas,
  problems,
}: MeshClusterView['controlPlanes'][number]): MeshComponentView {
  return {
    kind: 'istiod',
    cluster,
    namespace,
    name,
    version,
    image,
    desired: desiredReplicas,
    ready: readyReplicas,
    problems,
  };
}
