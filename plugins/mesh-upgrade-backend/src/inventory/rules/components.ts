import type { MeshComponentView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterFacts } from '../facts/ClusterFacts';
import type { MeshPartFact, PodFact, WorkloadFact } from '../facts/types';
import { versionOfImage } from './image';
import { decideInjection } from './injection';
import type { MeshLookup } from './meshOf';
import type { OfMesh } from './revisions';
import { sortVersions } from './versionOrder';

/** Annotation of the pods that istiod gave their proxy. */
const REVISION = 'istio.io/rev';

type MeshPart = WorkloadFact & { part: MeshPartFact };

/** Gateways, waypoints and the agents on the nodes of one cluster, ordered by namespace and name. */
export function componentsOf(
  cluster: string,
  facts: ClusterFacts,
  meshes: MeshLookup,
): OfMesh<MeshComponentView>[] {
  return [...facts.workloads()]
    .filter((workload): workload is MeshPart => workload.part !== undefined)
    .flatMap(workload => {
      const pods = facts.livePodsOf(workload);
      const revision = revisionOf(workload, pods, facts);
      const meshId = meshIdOf(revision, meshes);
      return meshId === undefined
        ? []
        : [{ meshId, view: describe(cluster, workload, pods, revision) }];
    })
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/**
 * A gateway follows the revision that would give a new pod its proxy now: the
 * injector decides, or the istiod that wrote the Deployment. The agents serve
 * the whole cluster.
 */
function revisionOf(
  { namespace, template, part }: MeshPart,
  pods: PodFact[],
  facts: ClusterFacts,
): string | undefined {
  if (!part.gateway) {
    return undefined;
  }
  const space = facts.namespaces.get(`/${namespace}`);
  const verdict =
    part.gateway.origin === 'injected' && space
      ? decideInjection({
          namespace: space,
          template,
          webhooks: facts.mutatingwebhookconfigurations.values(),
        })
      : undefined;
  return verdict?.outcome === 'inject'
    ? verdict.revision
    : template.annotations[REVISION] ??
        pods.find(pod => pod.revision !== undefined)?.revision;
}

function meshIdOf(
  revision: string | undefined,
  meshes: MeshLookup,
): string | undefined {
  return revision !== undefined && meshes.ofCluster !== undefined
    ? meshes.ofRevision(revision)
    : meshes.ofCluster;
}

function describe(
  cluster: string,
  { namespace, name, part }: MeshPart,
  pods: PodFact[],
  revision: string | undefined,
): MeshComponentView {
  const version = versionOf(part, pods);
  return {
    kind: part.kind,
    cluster,
    namespace,
    name,
    version,
    image: part.image ?? pods.find(pod => pod.image !== undefined)?.image,
    desired: part.desired,
    ready: part.ready,
    revision,
    gateway: part.gateway,
    problems: [
      ...(part.ready < part.desired
        ? [`${part.ready} of ${part.desired} are ready`]
        : []),
      ...(version === undefined ? ['The image tells no version'] : []),
      ...pods.flatMap(pod =>
        pod.problem ? [`Pod ${pod.name}, ${pod.problem}`] : [],
      ),
    ],
  };
}

/** The pods of an injected gateway may run several; the oldest is the one to care about. */
function versionOf(
  { image, gateway }: MeshPartFact,
  pods: PodFact[],
): string | undefined {
  return gateway
    ? sortVersions(pods.flatMap(pod => pod.version ?? []))[0] ??
        versionOfImage(image)
    : versionOfImage(image);
}

function idOf({ view }: OfMesh<MeshComponentView>): string {
  return `${view.namespace}/${view.name}/${view.kind}`;
}
