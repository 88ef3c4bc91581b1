import type { KubernetesObject } from '../../clusters/types';
import { revisionOf } from './revisions';
import type { Candidate, ClusterWorld } from './types';

/** Names of istiod's own ConfigMaps, to which those of a revision add its name. */
const BASES = ['istio', 'istio-sidecar-injector', 'values'];
/** Another mesh configuration that istiod reads besides its own. */
const SHARED_MESH_CONFIG = 'SHARED_MESH_CONFIG';

/** ConfigMaps of a revision whose istiod is gone from their namespace. */
export function staleConfiguration(world: ClusterWorld): Candidate[] {
  return world.configMaps.filter(isOfIstiod).flatMap(object => {
    const { namespace, name } = object.metadata;
    const revision = revisionOf(object);
    const isRunning = world.istiods.some(
      istiod =>
        istiod.metadata.namespace === namespace &&
        revisionOf(istiod) === revision,
    );
    return isRunning
      ? []
      : [
          {
            kind: 'ConfigMap' as const,
            object,
            role: 'configuration' as const,
            revision,
            reason: `It configures istiod of revision ${revision}, which does not run in namespace ${namespace}`,
            usedBy: readersOf({ namespace, name }, world),
          },
        ];
  });
}

/** Whether a ConfigMap is one of those that each istiod brings. */
export function isOfIstiod(object: KubernetesObject): boolean {
  const revision = revisionOf(object);
  const suffix = revision === 'default' ? '' : `-${revision}`;
  return BASES.some(base => object.metadata.name === `${base}${suffix}`);
}

function readersOf(
  configMap: { namespace?: string; name: string },
  { istiods }: ClusterWorld,
): string[] {
  return istiods
    .filter(
      ({ metadata, spec }) =>
        metadata.namespace === configMap.namespace &&
        (spec?.template?.spec?.containers ?? []).some(({ env = [] }) =>
          env.some(
            ({ name, value }) =>
              name === SHARED_MESH_CONFIG && value === configMap.name,
          ),
        ),
    )
    .map(
      ({ metadata }) =>
        `Deployment ${metadata.namespace}/${metadata.name} reads it (${SHARED_MESH_CONFIG})`,
    );
}
