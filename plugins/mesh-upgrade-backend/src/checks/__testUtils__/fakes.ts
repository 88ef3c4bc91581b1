import type {
  ControlPlaneView,
  WorkloadDetail,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { KubernetesError } from '../../clusters/KubernetesError';
import type {
  Cluster,
  ClusterRegistry,
  KubernetesClient,
  KubernetesObject,
  ObjectRef,
  ResourceType,
  SelectOptions,
} from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';
import type { Deployment } from '../../kubernetes/types';
import type { RollingDeployment } from '../mesh/control-plane-availability';
import { AskOnce } from '../runner/AskOnce';
import { clusterReads } from '../runner/clusterReads';
import { meshClusters } from '../runner/meshClusters';
import type {
  ClusterCheckContext,
  MeshCheckContext,
  SidecarCheckContext,
} from '../types';

/** A registry of clusters whose clients only know the verbs the test gives. */
export function fakeClusters(
  clients: Record<
    string,
    Partial<KubernetesClient> | { misconfiguration: string }
  >,
): ClusterRegistry {
  const clusters = Object.entries(clients).map(([name, client]): Cluster => {
    const base = { name, title: name, mode: 'full' as const };
    return 'misconfiguration' in client
      ? {
          ...base,
          misconfiguration: client.misconfiguration,
          remedy: 'Correct it.',
        }
      : { ...base, client: { cluster: name, ...client } as KubernetesClient };
  });
  return {
    list: () => clusters,
    get: name => clusters.find(cluster => cluster.name === name),
  };
}

/** A client that says it runs this Kubernetes version. */
export function runs(gitVersion: string): Partial<KubernetesClient> {
  return { version: async () => ({ gitVersion, major: '1', minor: '' }) };
}

export function aMesh(
  overrides: Partial<InventoriedMesh> & { clusterNames: string[] },
): InventoriedMesh {
  const { clusterNames, ...rest } = overrides;
  return {
    id: 'shop',
    name: 'shop',
    type: 'hosted',
    family: 'native',
    status: 'running',
    reasons: [],
    version: '1.29.4',
    versions: ['1.29.4'],
    clusters: clusterNames.map(cluster => ({
      cluster,
      mode: 'full',
      role: 'primary',
      // Remembered, and wrong on purpose: checks ask the cluster.
      kubernetesVersion: '1.20.0',
      health: { state: 'healthy', since: '2026-01-01T00:00:00Z' },
      controlPlanes: [],
    })),
    install: { method: 'sail', evidence: [] },
    revisions: [],
    tags: [],
    components: [],
    proxyVersions: [],
    sidecars: { total: 0, current: 0, workloads: 0, outdatedWorkloads: 0 },
    hubs: ['docker.io/istio'],
    ...rest,
  };
}

export function aWorkload(
  overrides: Partial<WorkloadDetail> = {},
): WorkloadDetail {
  return {
    id: 'prod-eu/shop/Deployment/cart',
    cluster: 'prod-eu',
    namespace: 'shop',
    kind: 'Deployment',
    name: 'cart',
    status: 'injected',
    statusReason: 'The namespace is labelled istio-injection=enabled',
    sidecar: 'container',
    desiredVersion: '1.30.3',
    versions: [{ version: '1.29.4', pods: 1 }],
    pods: { total: 1, ready: 1, injected: 1 },
    outdated: true,
    method: { kind: 'restart', blockers: [] },
    owners: [],
    podList: [],
    ...overrides,
  };
}

/** What a check of the whole mesh sees. */
export function meshContext(options: {
  mesh: InventoriedMesh;
  targetVersion?: string;
  clusters: Parameters<typeof fakeClusters>[0];
  signal?: AbortSignal;
}): MeshCheckContext {
  const signal = options.signal ?? new AbortController().signal;
  const clusters = fakeClusters(options.clusters);
  const asked = AskOnce.create({ signal });
  return {
    mesh: options.mesh,
    targetVersion: options.targetVersion ?? '1.30.3',
    currentVersion: options.mesh.version,
    clusters: meshClusters(options.mesh, clusters),
    at: cluster => clusterReads(cluster, { clusters, asked, signal }),
    once: (question, ask) => asked.ask(question, ask, signal),
    signal,
  };
}

/** What a check of one cluster of a mesh sees. */
export function clusterContext(
  cluster: string,
  options: Parameters<typeof meshContext>[0],
): ClusterCheckContext {
  const context = meshContext(options);
  return {
    ...context,
    ...context.at(cluster),
    cluster: context.clusters.find(each => each.cluster === cluster)!,
  };
}

/** What a check of one workload's sidecars sees. */
export function sidecarContext(
  workload: WorkloadDetail,
  client: Partial<KubernetesClient> = {},
): SidecarCheckContext {
  const { at, once, signal } = meshContext({
    mesh: aMesh({ clusterNames: [workload.cluster] }),
    clusters: { [workload.cluster]: client },
  });
  return { workload, ...at(workload.cluster), once, signal };
}

/** A client whose lists answer these objects, by the plural name of their kind. */
export function lists(
  objects: Record<string, object[]>,
): Pick<KubernetesClient, 'list'> {
  return {
    async *list<T>({ resource }: ResourceType, select?: SelectOptions) {
      const items = (objects[resource] ?? []) as KubernetesObject[];
      yield {
        items: items.filter(
          ({ metadata }) =>
            !select?.namespace || metadata.namespace === select.namespace,
        ) as T[],
        resourceVersion: '1',
      };
    },
  };
}

/** Never settles, whatever the signal says. */
export function hang(): Promise<never> {
  return new Promise(() => {});
}

/** An istiod of a mesh, as the inventory tells it. */
export function aControlPlane(
  overrides: Partial<ControlPlaneView> = {},
): ControlPlaneView {
  return {
    cluster: 'prod-eu',
    namespace: 'istio-system',
    name: 'istiod',
    revision: 'default',
    version: '1.29.4',
    image: 'docker.io/istio/pilot:1.29.4',
    desiredReplicas: 2,
    readyReplicas: 2,
    updatedReplicas: 2,
    install: { method: 'sail', evidence: [] },
    problems: [],
    ...overrides,
  };
}

/** A mesh of the cluster `prod-eu` with one istiod. */
export function meshWithIstiod(
  controlPlane: Partial<ControlPlaneView> = {},
): InventoriedMesh {
  const mesh = aMesh({ clusterNames: ['prod-eu'] });
  mesh.clusters[0].controlPlanes = [aControlPlane(controlPlane)];
  return mesh;
}

/** istiod's Deployment after a rollout that is over. */
export function anIstiodDeployment(
  overrides: {
    metadata?: Partial<Deployment['metadata']>;
    spec?: Partial<RollingDeployment['spec']>;
    status?: Deployment['status'];
  } = {},
): RollingDeployment {
  const labels = { app: 'istiod', istio: 'pilot' };
  return {
    metadata: {
      name: 'istiod',
      namespace: 'istio-system',
      uid: 'istiod-uid',
      generation: 1,
      labels,
      ...overrides.metadata,
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name: 'discovery', image: 'docker.io/istio/pilot:1.29.4' },
          ],
        },
      },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '100%', maxUnavailable: '25%' },
      },
      ...overrides.spec,
    },
    status: overrides.status ?? {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    },
  };
}

/** A client that has these objects, found by the plural name of their kind and their own name. */
export function has(
  objects: Record<string, object[]>,
): Pick<KubernetesClient, 'get' | 'list'> {
  return {
    ...lists(objects),
    async get<T>({ resource, name }: ObjectRef) {
      const found = (objects[resource] as KubernetesObject[] | undefined)?.find(
        ({ metadata }) => metadata.name === name,
      );
      if (!found) {
        throw new KubernetesError({
          cluster: 'prod-eu',
          action: `get ${resource} ${name}`,
          status: 404,
          reason: 'NotFound',
          serverMessage: `${resource} "${name}" not found`,
        });
      }
      return found as T;
    },
  };
}
