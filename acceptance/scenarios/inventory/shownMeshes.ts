import type {
  ClusterView,
  MeshView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Product } from '../../Product';
import type { ExpectedMeshes } from './reader/expectMeshes';

/** What the product shows of meshes, in the words of the scenario. */
export async function shownMeshes(product: Product): Promise<ExpectedMeshes> {
  const meshes: MeshView[] = (await product.get('ada', '/meshes')).items;
  const clusters: ClusterView[] = (await product.get('ada', '/clusters')).items;
  return {
    meshes: meshes.map(mesh => ({
      id: mesh.id,
      type: mesh.type,
      version: mesh.version,
      versions: mesh.versions,
      clusters: mesh.clusters.map(({ cluster }) => cluster).sort(),
      census: Object.fromEntries(
        mesh.proxyVersions
          .map(({ version, pods }): [string, number] => [version, pods])
          .sort(),
      ),
      sidecars: mesh.sidecars,
    })),
    clusters: clusters.map(({ name, kubernetesVersion, health }) => ({
      id: name,
      kubernetesVersion,
      health: health.state,
    })),
    controlPlanes: meshes
      .flatMap(mesh => mesh.clusters)
      .flatMap(({ controlPlanes }) => controlPlanes)
      .map(one => ({
        id: [one.cluster, one.namespace, one.name].join('/'),
        cluster: one.cluster,
        revision: one.revision,
        version: one.version,
        image: one.image,
        desired: one.desiredReplicas,
        ready: one.readyReplicas,
        method: one.install.method,
        release: releaseOf(one.install),
      })),
    revisions: meshes
      .flatMap(mesh => mesh.revisions)
      .map(one => ({
        id: `${one.cluster}/${one.revision}`,
        version: one.version,
        tags: one.tags,
        namespaces: one.namespaces,
        workloads: one.workloads,
      })),
    tags: meshes
      .flatMap(mesh => mesh.tags)
      .map(one => ({
        id: `${one.cluster}/${one.tag}`,
        revision: one.revision,
        version: one.version,
        namespaces: one.namespaces,
      })),
    components: meshes
      .flatMap(mesh => mesh.components)
      .map(one => ({
        id: [one.cluster, one.namespace, one.name].join('/'),
        kind: one.kind,
        version: one.version,
        desired: one.desired,
        ready: one.ready,
      })),
  };
}

/** Only of Helm's own; of what others drive Helm to do the scenario says nothing. */
function releaseOf({
  method,
  release,
}: MeshView['install']): object | undefined {
  if (method !== 'helm' || !release) {
    return undefined;
  }
  const { pinned: _, ...own } = release;
  return own;
}
