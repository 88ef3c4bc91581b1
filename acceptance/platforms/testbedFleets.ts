import type { FolderGit } from '../../packages/lab/src/operators/git/FolderGit';
import type { ClusterAccess } from '../ClusterAccess';
import type { Fleet } from '../Scenario';
import { CUSTOM_WORKLOADS } from '../scenarios/inventory/fleet/definitions';
import { furnish } from '../scenarios/inventory/fleet/furnish';
import { BY_ARGO, FIRST, SECOND, START } from '../scenarios/meshUpgrade/facts';
import {
  FLUX_CLUSTER,
  REVISIONS_CLUSTER,
  SAIL_CLUSTER,
} from '../scenarios/meshUpgrade/operators/facts';
import { handOver } from '../scenarios/meshUpgrade/operators/handOver';
import { poorSettings } from '../scenarios/meshUpgrade/settings';
import { changeCharts } from '../scenarios/realNode/charts';
import { settingsWithoutImage } from '../scenarios/realNode/settings';
import type { UpgradeFacts } from '../World';
import type { TestbedClusterStatus } from './TestbedCluster';

/** How the testbed is set up for a fleet. */
export interface TestbedFleet {
  /** Options of `testbed up`. */
  up: string[];
  /** Commands of the testbed that follow. */
  then: string[][];
  /** What the product may do, by cluster; else reading. */
  modes: Record<string, 'full' | 'read'>;
  /** Below `meshUpgrade`, beside the clusters. */
  settings?(registry: string, clusters: TestbedClusterStatus[]): object;
  /** What an administrator did before the product came. */
  prepare?(
    clusters: ClusterAccess[],
    registry: string,
    gitOf: (cluster: string) => FolderGit,
  ): Promise<void>;
  /** Clusters on which the operators of Flux and Sail run. */
  operators?: string[];
}

const BY_OPERATORS_CLUSTERS = [FLUX_CLUSTER, SAIL_CLUSTER, REVISIONS_CLUSTER];

const UPGRADED = 'testbed';
const OLD = 'testbed-old';
const VERSION = '1.29.4';
/** Supported by the version that is left and by the one that is returned to. */
const KUBERNETES_OF_BOTH = '1.35.1';

export const UPGRADE_FACTS: UpgradeFacts = {
  clusters: [UPGRADED, OLD],
  mesh: {
    id: 'testbed',
    clusters: [UPGRADED],
    version: VERSION,
    target: '1.30.3',
    olderVersion: '1.28.6',
    otherFamilyVersion: '1.30.3-mspider',
  },
  // Kubernetes calls itself 1.30 there.
  tooLow: { meshId: OLD, cluster: OLD, target: '1.30.3' },
  ownComponent: 'component:default/storefront-app-1',
  otherComponent: 'component:default/checkout-app-1',
};

export const testbedFleets: Record<Fleet, TestbedFleet> = {
  upgrade: {
    up: ['--istio', `helm:${VERSION},istioctl:${VERSION}`],
    then: [workloads('storefront', 2), workloads('checkout', 1)],
    modes: { [UPGRADED]: 'full' },
    settings: registry => ({
      // Its injector says `testbed` like the other's; it is a mesh of its own.
      meshes: [{ id: OLD, clusters: [OLD] }],
      upgrades: { helm: helmSettings(registry) },
    }),
  },
  inventory: {
    up: [
      ...['--clusters', 'east,west:1.30.14'],
      ...['--istio', 'helm:1.29.4,istioctl:1.29.4'],
    ],
    then: [
      [
        ...['revision', '--cluster', 'east'],
        ...['--name', 'canary', '--istio', 'helm:1.31.1'],
      ],
    ],
    modes: { east: 'full' },
    settings: () => ({ customWorkloads: CUSTOM_WORKLOADS }),
    prepare: furnish,
  },
  checks: {
    up: [
      // They report these versions of Kubernetes; 1.30 of Istio supports neither of the last two.
      ...['--clusters', 'main,old:1.30.14,new:1.39.0'],
      ...['--istio', 'helm:1.29.4,istioctl:1.29.4,istioctl:1.29.4'],
    ],
    then: [],
    modes: { main: 'full', old: 'full', new: 'full' },
    settings: registry => ({
      meshes: ['main', 'old', 'new'].map(id => ({ id, clusters: [id] })),
      upgrades: { helm: helmSettings(registry) },
    }),
  },
  meshUpgrade: {
    up: [
      ...['--clusters', `${FIRST},${SECOND}`],
      ...['--istio', `helm:${START},istioctl:${START}`],
    ],
    then: [],
    modes: { [FIRST]: 'full', [SECOND]: 'full' },
    settings: registry => poorSettings(helmSettings(registry), registry),
  },
  meshReturn: {
    up: [
      ...['--clusters', `${FIRST}:${KUBERNETES_OF_BOTH},${SECOND}`],
      ...['--istio', `helm:${START},istioctl:${START}`],
    ],
    then: [],
    modes: { [FIRST]: 'full', [SECOND]: 'full' },
    settings: registry => poorSettings(helmSettings(registry), registry),
  },
  realNode: {
    up: [
      ...['--clusters', `${FIRST},${SECOND}`],
      ...['--istio', `helm:${START},istioctl:${START}`],
      ...['--real-node', `${FIRST},${SECOND}`],
    ],
    then: [],
    modes: { [FIRST]: 'full', [SECOND]: 'full' },
    settings: (registry, [first]) =>
      settingsWithoutImage(registry, first.realNode!.registry),
    prepare: ([first], registry) => changeCharts(first, registry),
  },
  operators: {
    up: [
      ...['--clusters', BY_OPERATORS_CLUSTERS.join(',')],
      ...['--istio', `helm:${START},helm:${START},others`],
    ],
    then: [],
    modes: Object.fromEntries(
      BY_OPERATORS_CLUSTERS.map(name => [name, 'full' as const]),
    ),
    settings: () => ({
      meshes: BY_OPERATORS_CLUSTERS.map(id => ({ id, clusters: [id] })),
    }),
    prepare: handOver,
    operators: BY_OPERATORS_CLUSTERS,
  },
  argocd: {
    up: ['--clusters', BY_ARGO, '--istio', `argocd:${START}`],
    then: [],
    modes: { [BY_ARGO]: 'full' },
    settings: () => ({ meshes: [{ id: BY_ARGO, clusters: [BY_ARGO] }] }),
  },
};

function helmSettings(registry: string): object {
  return {
    // Jobs run the testbed's own helm; images of other registries count as there.
    image: 'docker.io/alpine/helm:3.19.0',
    chartRepository: `oci://${registry}/charts`,
    plainHttp: true,
    namespace: 'mesh-upgrade',
    serviceAccount: 'mesh-upgrade-helm',
  };
}

function workloads(namespace: string, count: number): string[] {
  return [
    ...['workloads', '--cluster', UPGRADED, '--namespace', namespace],
    ...['--count', String(count), '--replicas', '2'],
  ];
}
