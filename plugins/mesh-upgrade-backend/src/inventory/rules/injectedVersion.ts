import type { ClusterFacts } from '../facts/ClusterFacts';
import { versionOfImage } from './image';
import type { MeshLookup } from './meshOf';

/** The version of the sidecar that a new pod gets, or why nobody can tell. */
export type InjectedVersion =
  | { version: string; problem?: undefined }
  | { version?: undefined; problem: string };

/**
 * The injector's configuration tells. A remote cluster has none: there the
 * istiod of a primary injects by its own, which every primary of the mesh has
 * to agree on, because nothing on the remote tells which of them answers.
 */
export function injectedVersion(
  revision: string,
  namespace: string | undefined,
  { facts, meshes }: { facts: ClusterFacts; meshes: MeshLookup },
): InjectedVersion {
  const config = meshes.injectorConfig(revision, namespace);
  if (config) {
    const version = versionOfImage(config.image);
    return version === undefined
      ? { problem: 'the injector configuration tells no readable image tag' }
      : { version };
  }
  const unreadable = facts.unreadable.get('configmaps');
  if (unreadable !== undefined) {
    return { problem: unreadable };
  }
  const istiod = [...facts.controlPlanes()].find(
    each => each.istiod.revision === revision,
  );
  return istiod
    ? {
        problem: `istiod ${istiod.namespace}/${istiod.name} runs, but the ConfigMap of its injector is missing`,
      }
    : versionOfPrimaries(
        meshes.ofRevision(revision, namespace),
        revision,
        facts,
      );
}

function versionOfPrimaries(
  meshId: string,
  revision: string,
  { primaries }: ClusterFacts,
): InjectedVersion {
  const own = primaries.filter(
    each => each.meshId === meshId && each.revision === revision,
  );
  const [version, ...others] = new Set(own.map(({ injects }) => injects));
  if (others.length > 0) {
    const told = own.map(
      ({ cluster, injects }) => `${cluster} ${injects ?? 'unknown'}`,
    );
    return {
      problem: `the primary clusters of mesh ${meshId} inject different versions: ${told.join(
        ', ',
      )}`,
    };
  }
  return version === undefined
    ? {
        problem: `no configuration of its injector is in the cluster, and no other cluster of mesh ${meshId} tells what its istiod of revision ${revision} injects`,
      }
    : { version };
}
