import type { ClusterRegistry } from '../../clusters/types';
import type { VersionsConfig } from '../readVersionsConfig';
import type { VersionedMesh } from '../types';
import { MirroredRegistry } from './MirroredRegistry';
import { operatorSource } from './operatorSource';
import { registrySource, type TagReader } from './registrySource';
import { staticSource } from './staticSource';
import type { VersionSource } from './types';

const RUN_BY_SAIL = new Set(['sail', 'openshift']);

export interface SourceOptions {
  config: Pick<
    VersionsConfig,
    'repositories' | 'static' | 'meshes' | 'mirrors'
  >;
  clusters: ClusterRegistry;
  reader: TagReader;
}

/**
 * Where the versions of a mesh come from: what the configuration says for the
 * mesh, else for all, else the hub of each control plane; the operator of
 * every cluster that has one; the configured lists.
 */
export function sourcesOf(
  mesh: VersionedMesh,
  options: SourceOptions,
): VersionSource[] {
  const { config, clusters, reader } = options;
  const own = config.meshes.find(({ id }) => id === mesh.id);
  const repositories =
    own?.repositories ??
    config.repositories ??
    mesh.hubs.map(hub => `${hub}/pilot`);
  const mirrors = MirroredRegistry.create(config.mirrors);
  return [
    ...[...new Set(repositories)].map(repository =>
      registrySource(repository, { reader, mirrors }),
    ),
    ...operatedClusters(mesh).map(name => operatorSource(name, clusters)),
    ...(config.static.length > 0 ? [staticSource(config.static)] : []),
    ...(own && own.static.length > 0
      ? [staticSource(own.static, mesh.id)]
      : []),
  ];
}

/** Clusters in which an operator installs control planes of the mesh. */
export function operatedClusters(mesh: VersionedMesh): string[] {
  return mesh.clusters
    .filter(({ controlPlanes }) =>
      controlPlanes.some(({ install }) => RUN_BY_SAIL.has(install.method)),
    )
    .map(({ cluster }) => cluster);
}
