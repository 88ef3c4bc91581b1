import type {
  MeshComponentView,
  RevisionTagView,
  RevisionView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterFacts } from '../facts/ClusterFacts';
import { componentsOf } from './components';
import type { MeshLookup } from './meshOf';
import { revisionsOf } from './revisions';
import type { OfMesh } from './revisions';

/** What one cluster holds of one mesh, besides its istiods and workloads. */
export interface MeshParts {
  meshId: string;
  cluster: string;
  revisions: RevisionView[];
  tags: RevisionTagView[];
  components: MeshComponentView[];
}

/** The parts of every mesh of one cluster. */
export function meshPartsOf(
  cluster: string,
  facts: ClusterFacts,
  meshes: MeshLookup,
): MeshParts[] {
  const { revisions, tags } = revisionsOf(cluster, facts, meshes);
  const components = componentsOf(cluster, facts, meshes);
  return meshes.all.map(meshId => {
    const own = <T>(all: OfMesh<T>[]) =>
      all.filter(each => each.meshId === meshId).map(({ view }) => view);
    return {
      meshId,
      cluster,
      revisions: own(revisions),
      tags: own(tags),
      components: own(components),
    };
  });
}
