import type { ClusterFacts } from '../facts/ClusterFacts';
import type { InjectorConfigFact } from '../facts/types';
import type { InventorySettings } from '../settings';

/** Which mesh a revision of a cluster belongs to. */
export interface MeshLookup {
  /** Of a control plane or injector configuration. */
  ofRevision(revision: string, namespace?: string): string;
  /** The mesh that workloads without a sidecar count to; undefined on a cluster without a mesh. */
  readonly ofCluster?: string;
  /** Every mesh of the cluster, sorted. */
  readonly all: string[];
  injectorConfig(
    revision: string,
    namespace?: string,
  ): InjectorConfigFact | undefined;
}

/**
 * The configured grouping wins over the meshID of the injector configuration,
 * that over what the proxies were told, and a control plane without any is a
 * mesh of its own, named as its cluster.
 */
export function createMeshLookup(
  cluster: string,
  facts: ClusterFacts,
  settings: InventorySettings,
): MeshLookup {
  const configs = [...facts.configmaps.values()].sort(defaultRevisionFirst);
  const override = settings.meshes.find(mesh =>
    mesh.clusters.includes(cluster),
  )?.id;
  const injectorConfig: MeshLookup['injectorConfig'] = (revision, namespace) =>
    configs.find(
      config =>
        config.revision === revision &&
        (namespace === undefined || config.namespace === namespace),
    );
  const meshOfPods = lazily(() => meshesByPods(facts));
  const running = [...facts.controlPlanes()];
  const told = (revision: string, namespace?: string) => {
    const config = injectorConfig(revision, namespace);
    return (
      override ??
      config?.meshId ??
      // A remote cluster has no configuration of its own; its proxies were told.
      (config ? undefined : meshOfPods().get(revision))
    );
  };
  const served = [
    ...configs,
    ...running.map(({ istiod, namespace }) => ({
      revision: istiod.revision,
      namespace,
    })),
  ];
  const ofRevision: MeshLookup['ofRevision'] = (revision, namespace) => {
    const mesh = told(revision, namespace);
    const [first] = served;
    // Webhooks that are left of a revision belong to what still runs.
    return mesh === undefined &&
      first !== undefined &&
      !served.some(each => each.revision === revision)
      ? told(first.revision, first.namespace) ?? cluster
      : mesh ?? cluster;
  };

  const ordered = [
    ...(override === undefined ? [] : [override]),
    ...served.map(({ revision, namespace }) => ofRevision(revision, namespace)),
    ...[...facts.mutatingwebhookconfigurations.values()].map(
      ({ revision, controlPlaneNamespace }) =>
        ofRevision(revision, controlPlaneNamespace),
    ),
  ];
  return {
    ofRevision,
    ofCluster: ordered[0],
    all: [...new Set(ordered)].sort(),
    injectorConfig,
  };
}

/** Which mesh the pods of a revision say they belong to. */
function meshesByPods(facts: ClusterFacts): Map<string, string> {
  const found = new Map<string, string>();
  for (const { live, revision, meshId } of facts.pods.values()) {
    if (live && revision !== undefined && meshId && !found.has(revision)) {
      found.set(revision, meshId);
    }
  }
  return found;
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function defaultRevisionFirst(
  a: InjectorConfigFact,
  b: InjectorConfigFact,
): number {
  const rank = ({ revision }: InjectorConfigFact) =>
    revision === 'default' ? 0 : 1;
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}
