import type { ControlPlaneView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterFacts } from '../facts/ClusterFacts';
import { parseImage, versionOfImage } from './image';
import type { MeshLookup } from './meshOf';

/** A control plane and the mesh it belongs to. */
export interface InventoriedControlPlane {
  meshId: string;
  /** Hub of its image, e.g. `docker.io/istio`. */
  hub: string;
  view: ControlPlaneView;
}

/** The istiods of one cluster, ordered by namespace and name. */
export function controlPlanesOf(
  cluster: string,
  facts: ClusterFacts,
  meshes: MeshLookup,
): InventoriedControlPlane[] {
  return [...facts.controlPlanes()]
    .map(deployment => {
      const { namespace, name, istiod } = deployment;
      const pods = facts.livePodsOf(deployment);
      return {
        meshId: meshes.ofRevision(istiod.revision, namespace),
        hub: parseImage(istiod.image).hub,
        view: {
          cluster,
          namespace,
          name,
          revision: istiod.revision,
          version: versionOfImage(istiod.image),
          image: istiod.image,
          desiredReplicas: istiod.desiredReplicas,
          readyReplicas: istiod.readyReplicas,
          updatedReplicas: pods.filter(pod => pod.istiodImage === istiod.image)
            .length,
          install: istiod.install,
          problems: [
            ...istiod.problems,
            ...pods.flatMap(pod =>
              pod.problem ? [`Pod ${pod.name}, ${pod.problem}`] : [],
            ),
            ...operatorProblems(namespace, facts),
          ],
        },
      };
    })
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

function operatorProblems(namespace: string, facts: ClusterFacts): string[] {
  return [...facts.istios.values()]
    .filter(istio => istio.namespace === namespace)
    .flatMap(istio =>
      istio.problems.map(problem => `Istio ${istio.name}: ${problem}`),
    );
}

function idOf({ view }: InventoriedControlPlane): string {
  return `${view.namespace}/${view.name}`;
}
