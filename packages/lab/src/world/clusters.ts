import type { ClusterBlueprint, WorkloadBlueprint } from './blueprint';
import { routing } from './configuration';
import { EDGE, FLEET, PAYMENTS } from './meshes';
import { OPERATIONS_CLUSTERS } from './operations';
import { INJECTED, workloads } from './rows';
import { SHOP_CLUSTERS } from './shop';
import { STAGING_CLUSTER } from './staging';

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
  // What has not left the old platform yet.
  ...workloads('chargebacks', BEHIND, [
    ['chargeback-files', 2, 'refunds', { kind: 'DeploymentConfig' }],
    ['bank-holidays', 1, 'ledger', { kind: 'ReplicationController' }],
  ]),
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
  ...workloads('field-service', OLD_MSPIDER, [
    ['technician-app', 3, 'device-registry', { kind: 'CloneSet' }],
  ]),
];

const STANDARD: readonly ClusterBlueprint[] = [
  ...SHOP_CLUSTERS,
  {
    name: 'payments',
    kubernetesVersion: '1.36.1',
    mesh: PAYMENTS,
    tags: { prod: 'default' },
    gatewayApi: 'v1.4.0',
    gateways: [
      {
        namespace: 'banking',
        name: 'banking',
        className: 'istio',
        replicas: 2,
      },
    ],
    nodes: 3,
    namespaces: [
      { name: 'payments', labels: INJECTED },
      { name: 'fraud', labels: { 'istio.io/rev': 'prod' } },
      { name: 'ledger', labels: INJECTED },
      { name: 'payments-tools' },
      { name: 'banking' },
      { name: 'chargebacks', labels: INJECTED },
    ],
    workloads: paymentsWorkloads,
    objects: routing('payments', 'payment-gateway'),
  },
  {
    name: 'edge',
    kubernetesVersion: '1.31.9',
    mesh: EDGE,
    nodes: 3,
    namespaces: [
      { name: 'devices', labels: INJECTED },
      { name: 'telemetry', labels: INJECTED },
      { name: 'field-service', labels: INJECTED },
    ],
    workloads: edgeWorkloads,
  },
  STAGING_CLUSTER,
];

/** The names of the clusters with which a world of a told size begins. */
export const CLUSTER_NAMES: readonly string[] = STANDARD.map(
  ({ name }) => name,
);

const FURTHER_VERSIONS = ['1.33.6', '1.34.2', '1.35.1'];
/** What half of the further workloads run. */
const OLDER = '1.29.2';
const REPLICAS_PER_WORKLOAD = 10;
const WORKLOADS_PER_NAMESPACE = 50;
const PODS_PER_NODE = 100;

/**
 * The clusters of a world: of as many as told, or of the standard world with a mesh for every way
 * to install one. Workloads are added until about `pods` pods exist.
 */
export function clusterBlueprints(size: {
  clusters?: number;
  pods: number;
}): ClusterBlueprint[] {
  const clusters =
    size.clusters === undefined
      ? [...STANDARD, ...OPERATIONS_CLUSTERS]
      : countedClusters(size.clusters);
  const present = clusters
    .flatMap(cluster => cluster.workloads)
    .reduce((total, { replicas }) => total + replicas, 0);
  const share = Math.max(0, size.pods - present) / clusters.length;
  return clusters.map(cluster =>
    withLoad(cluster, Math.round(share / REPLICAS_PER_WORKLOAD)),
  );
}

function countedClusters(count: number): ClusterBlueprint[] {
  const further = Array.from(
    { length: Math.max(0, count - STANDARD.length) },
    (_, index): ClusterBlueprint => ({
      name: `fleet-${String(index + STANDARD.length + 1).padStart(2, '0')}`,
      kubernetesVersion: FURTHER_VERSIONS[index % FURTHER_VERSIONS.length],
      mesh: FLEET,
      nodes: 3,
      namespaces: [],
      workloads: [],
    }),
  );
  return [...STANDARD.slice(0, count), ...further];
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
