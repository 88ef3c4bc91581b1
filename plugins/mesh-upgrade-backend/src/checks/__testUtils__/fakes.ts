import type { WorkloadDetail } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  Cluster,
  ClusterRegistry,
  KubernetesClient,
} from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';

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

/** Never settles, whatever the signal says. */
export function hang(): Promise<never> {
  return new Promise(() => {});
}
