import type {
  ClusterBlueprint,
  NamespaceBlueprint,
  WorkloadBlueprint,
  WorkloadKind,
} from './blueprint';
import { EDGE, FLEET, PAYMENTS, SHOP } from './meshes';

const INJECTED = { 'istio-injection': 'enabled' };

type Extras = Partial<WorkloadBlueprint>;

function workloads(
  namespace: string,
  proxy: string,
  rows: Array<
    [name: string, replicas: number, component?: string, extras?: Extras]
  >,
): WorkloadBlueprint[] {
  return rows.map(([name, replicas, component = name, extras = {}]) => ({
    namespace,
    name,
    component,
    kind: 'Deployment' as WorkloadKind,
    replicas,
    proxy,
    ...extras,
  }));
}

const CURRENT = '1.29.4';
const OLDER = '1.29.2';

function shopWorkloads(region: 'eu' | 'us'): WorkloadBlueprint[] {
  const european = region === 'eu';
  return [
    ...workloads('storefront', CURRENT, [
      ['web-frontend', 3],
      ['product-catalog', 2, undefined, { plainSidecar: !european }],
      ['search', 2, undefined, { proxy: OLDER }],
      ['search-indexer', 1, 'search', { recreate: true }],
      ['recommendations', 2],
      ['session-store', 2, undefined, { kind: 'StatefulSet', proxy: OLDER }],
      ['image-resizer', 2],
      ['edge-cache', 1, 'image-resizer', { kind: 'DaemonSet' }],
    ]),
    ...workloads('storefront-beta', CURRENT, [
      ['reviews', 1, undefined, { proxy: european ? CURRENT : OLDER }],
      ['wishlist', 2],
    ]),
    ...workloads('checkout', CURRENT, [
      ['cart', 2, undefined, { proxy: OLDER }],
      ['cart-cleaner', 1, 'cart', { kind: 'CronJob' }],
      ['checkout-api', 3, undefined, { minAvailable: 2 }],
      ['orders', 2, undefined, { proxy: european ? CURRENT : OLDER }],
      ['order-db', 3, 'orders', { kind: 'StatefulSet' }],
      ['pricing', 2],
      ['tax', 1, 'pricing'],
      ['shipping', 2],
    ]),
  ];
}

function shopNamespaces(region: 'eu' | 'us'): NamespaceBlueprint[] {
  return [
    { name: 'storefront', labels: INJECTED },
    { name: 'storefront-beta', labels: INJECTED },
    {
      name: 'checkout',
      // One namespace of the world names its revision instead of asking for injection.
      labels: region === 'us' ? { 'istio.io/rev': 'default' } : INJECTED,
    },
  ];
}

const BEHIND = '1.29.4';

const paymentsWorkloads = [
  ...workloads('payments', BEHIND, [
    ['payment-gateway', 3],
    // The budget wants every pod, so nothing of it may be evicted.
    ['card-processor', 2, undefined, { minAvailable: 2, plainSidecar: true }],
    ['refunds', 2],
    ['disputes', 1, 'refunds'],
    ['wallet', 2, undefined, { proxy: '1.30.2' }],
    ['statements', 1, 'wallet'],
    ['audit-agent', 1, undefined, { kind: 'DaemonSet' }],
  ]),
  ...workloads('fraud', BEHIND, [
    ['fraud-scoring', 2, 'fraud'],
    ['fraud-rules', 1, 'fraud'],
  ]),
  ...workloads('ledger', BEHIND, [
    ['ledger', 3, undefined, { kind: 'StatefulSet' }],
    ['ledger-export', 2, 'ledger', { paused: true }],
    ['settlement', 1, 'ledger', { kind: 'Job' }],
  ]),
  ...workloads('payments-tools', '', [['payments-docs', 1]]),
];

const OLD_MSPIDER = '1.28.6-mspider';

const edgeWorkloads = [
  ...workloads('devices', OLD_MSPIDER, [
    ['device-gateway', 3],
    ['firmware-updates', 2, 'firmware'],
    ['ota-scheduler', 1, 'firmware'],
    ['device-registry', 2, undefined, { kind: 'StatefulSet' }],
    ['device-shadow', 2, 'device-registry', { proxy: '1.29.4-mspider' }],
    ['device-simulator', 2, undefined, { excluded: true }],
  ]),
  ...workloads('telemetry', OLD_MSPIDER, [
    ['telemetry-ingest', 3, 'telemetry'],
    ['telemetry-rules', 2, 'telemetry'],
    [
      'telemetry-store',
      3,
      'telemetry',
      { kind: 'StatefulSet', onDelete: true },
    ],
    ['alerts', 1],
    ['node-probe', 1, undefined, { kind: 'DaemonSet', hostNetwork: true }],
  ]),
];

const STANDARD: readonly ClusterBlueprint[] = [
  {
    name: 'prod-eu',
    kubernetesVersion: '1.34.2',
    mesh: SHOP,
    nodes: 4,
    namespaces: shopNamespaces('eu'),
    workloads: shopWorkloads('eu'),
  },
  {
    name: 'prod-us',
    kubernetesVersion: '1.33.6',
    mesh: SHOP,
    nodes: 3,
    namespaces: shopNamespaces('us'),
    workloads: shopWorkloads('us'),
  },
  {
    name: 'payments',
    kubernetesVersion: '1.36.1',
    mesh: PAYMENTS,
    tag: 'prod',
    nodes: 3,
    namespaces: [
      { name: 'payments', labels: INJECTED },
      { name: 'fraud', labels: { 'istio.io/rev': 'prod' } },
      { name: 'ledger', labels: INJECTED },
      { name: 'payments-tools' },
    ],
    workloads: paymentsWorkloads,
  },
  {
    name: 'edge',
    kubernetesVersion: '1.31.9',
    mesh: EDGE,
    nodes: 3,
    namespaces: [
      { name: 'devices', labels: INJECTED },
      { name: 'telemetry', labels: INJECTED },
    ],
    workloads: edgeWorkloads,
  },
];

/** The names of the clusters of the standard world. */
export const CLUSTER_NAMES: readonly string[] = STANDARD.map(
  ({ name }) => name,
);

const FURTHER_VERSIONS = ['1.33.6', '1.34.2', '1.35.1'];
const REPLICAS_PER_WORKLOAD = 10;
const WORKLOADS_PER_NAMESPACE = 50;
const PODS_PER_NODE = 100;

/** The clusters of a world of this size; workloads are added until about `pods` pods exist. */
export function clusterBlueprints(size: {
  clusters: number;
  pods: number;
}): ClusterBlueprint[] {
  const further = Array.from(
    { length: Math.max(0, size.clusters - STANDARD.length) },
    (_, index): ClusterBlueprint => ({
      name: `fleet-${String(index + STANDARD.length + 1).padStart(2, '0')}`,
      kubernetesVersion: FURTHER_VERSIONS[index % FURTHER_VERSIONS.length],
      mesh: FLEET,
      nodes: 3,
      namespaces: [],
      workloads: [],
    }),
  );
  const clusters = [...STANDARD.slice(0, size.clusters), ...further];
  const present = clusters
    .flatMap(cluster => cluster.workloads)
    .reduce((total, { replicas }) => total + replicas, 0);
  const share = Math.max(0, size.pods - present) / clusters.length;
  return clusters.map(cluster =>
    withLoad(cluster, Math.round(share / REPLICAS_PER_WORKLOAD)),
  );
}

function withLoad(cluster: ClusterBlueprint, count: number): ClusterBlueprint {
  const proxies =
    cluster.mesh.family === 'native'
      ? [cluster.mesh.version, OLDER]
      : [OLD_MSPIDER];
  const load = Array.from({ length: count }, (_, index): WorkloadBlueprint => {
    const name = `load-${String(index + 1).padStart(4, '0')}`;
    return {
      namespace: loadNamespace(index),
      name,
      component: name,
      kind: 'Deployment',
      replicas: REPLICAS_PER_WORKLOAD,
      proxy: proxies[index % proxies.length],
    };
  });
  const namespaces = [...new Set(load.map(({ namespace }) => namespace))];
  return {
    ...cluster,
    nodes:
      cluster.nodes +
      Math.ceil((count * REPLICAS_PER_WORKLOAD) / PODS_PER_NODE),
    namespaces: [
      ...cluster.namespaces,
      ...namespaces.map(name => ({ name, labels: INJECTED })),
    ],
    workloads: [...cluster.workloads, ...load],
  };
}

function loadNamespace(index: number): string {
  const number = Math.floor(index / WORKLOADS_PER_NAMESPACE) + 1;
  return `load-${String(number).padStart(3, '0')}`;
}
