import type { Cluster } from '../cluster/Cluster';
import {
  NAMESPACES,
  NODES,
  RESOURCES,
  SERVICE_ACCOUNTS,
} from '../kubernetes/resources';
import type { ClusterBlueprint, NamespaceBlueprint } from './blueprint';
import { Seeder } from './Seeder';
import { seedControlPlane } from './seedControlPlane';
import {
  seedDefinition,
  seedGatewayApi,
  seedIstioDefinitions,
} from './seedDefinitions';
import { seedGateway } from './seedGateway';
import { agentNamespaces, seedNodeAgents } from './seedNodeAgents';
import { seedWorkload } from './seedWorkload';

const SYSTEM_NAMESPACES: NamespaceBlueprint[] = [
  { name: 'default' },
  { name: 'kube-system' },
  { name: 'kube-public' },
  { name: 'kube-node-lease' },
  { name: 'istio-system' },
  // Where the Jobs of an upgrade run; a real cluster gets it from the role manifests.
  { name: 'mesh-upgrade' },
];

/** Of the Jobs of an upgrade. */
const JOB_ACCOUNTS = ['mesh-upgrade-helm', 'mesh-upgrade-istioctl'];

/** Fills an empty cluster; `registry` is the host and port of the lab's registry. */
export function seedCluster(
  cluster: Cluster,
  blueprint: ClusterBlueprint,
  options: { seed: number; registry: string },
) {
  const seeder = new Seeder(cluster, options.seed);
  const { registry } = options;
  [
    ...SYSTEM_NAMESPACES,
    ...agentNamespaces(blueprint).map(name => ({ name })),
    ...blueprint.namespaces,
  ].forEach(namespace => seedNamespace(seeder, namespace));
  JOB_ACCOUNTS.forEach(name =>
    seeder.put(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: 'mesh-upgrade' },
    }),
  );
  for (let index = 1; index <= blueprint.nodes; index += 1) {
    seedNode(seeder, blueprint, index);
  }
  seedIstioDefinitions(seeder, blueprint);
  seedControlPlane(seeder, blueprint, registry);
  seedNodeAgents(seeder, blueprint, registry);
  if (blueprint.gatewayApi) {
    seedGatewayApi(seeder, blueprint.gatewayApi);
  }
  blueprint.gateways?.forEach(gateway => seedGateway(seeder, gateway));
  blueprint.workloads.forEach(workload => {
    seedDefinitionOf(seeder, workload.kind);
    seedWorkload(seeder, {
      ...workload,
      ...(workload.pinned && { pinnedImage: `${registry}/${workload.pinned}` }),
    });
  });
  blueprint.objects?.forEach(([resource, draft]) =>
    seeder.put(resource, draft),
  );
  cluster.store.forgetHistory();
}

/** Kinds of other makers need their definition. */
function seedDefinitionOf(seeder: Seeder, kind: string) {
  const resource = RESOURCES.find(each => each.custom && each.kind === kind);
  if (resource) {
    seedDefinition(seeder, resource);
  }
}

function seedNamespace(seeder: Seeder, { name, labels }: NamespaceBlueprint) {
  seeder.put(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { 'kubernetes.io/metadata.name': name, ...labels },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  seeder.put(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: name },
  });
}

function seedNode(seeder: Seeder, blueprint: ClusterBlueprint, index: number) {
  const name = `${blueprint.name}-node-${index}`;
  const capacity = { cpu: '16', memory: '65536Mi', pods: '110' };
  seeder.put(NODES, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
      },
    },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastTransitionTime: seeder.now,
        },
      ],
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://2.1.4',
        kernelVersion: '6.12.0',
        kubeletVersion: `v${blueprint.kubernetesVersion}`,
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 13 (trixie)',
      },
      addresses: [
        { type: 'InternalIP', address: `10.0.0.${(index % 250) + 1}` },
        { type: 'Hostname', address: name },
      ],
    },
  });
}
