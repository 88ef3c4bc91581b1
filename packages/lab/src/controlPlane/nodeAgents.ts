import type { Cluster } from '../cluster/Cluster';
import {
  DAEMON_SETS,
  NAMESPACES,
  type Resource,
} from '../kubernetes/resources';
import type {
  Container,
  DaemonSet,
  Draft,
  OwnerReference,
  StringMap,
} from '../kubernetes/types';
import type { Marks } from '../operators/charts/marks';
import { applyEntries } from './applyControlPlane';

/** What Istio runs on every node. */
export type NodeAgentKind = 'cni' | 'ztunnel';

export interface NodeAgent {
  kind: NodeAgentKind;
  namespace: string;
  hub: string;
  /** The tag of the image and the version of the chart. */
  version: string;
  /** The Helm release that the object names as its own. */
  release: string;
  /** Set when an operator owns the object. */
  owner?: OwnerReference;
  /** istioctl and Argo CD leave other marks than Helm. */
  installer?: 'istioctl' | 'argocd';
}

const NAMES: Record<NodeAgentKind, string> = {
  cni: 'istio-cni-node',
  ztunnel: 'ztunnel',
};

/** The DaemonSet that the `cni` or `ztunnel` chart would render. */
export function nodeAgentDaemonSet(agent: NodeAgent): Draft<DaemonSet> {
  const { kind, namespace, version, release, owner, installer } = agent;
  const name = NAMES[kind];
  const selected: StringMap =
    kind === 'cni' ? { 'k8s-app': 'istio-cni-node' } : { app: 'ztunnel' };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace,
      labels: {
        ...selected,
        'app.kubernetes.io/managed-by': 'Helm',
        'app.kubernetes.io/name': name,
        'app.kubernetes.io/part-of': 'istio',
        'app.kubernetes.io/version': version,
        'helm.sh/chart': `${kind}-${version}`,
        'istio.io/rev': 'default',
        'operator.istio.io/component': kind === 'cni' ? 'Cni' : 'Ztunnel',
        release,
        ...(owner && { 'managed-by': 'sail-operator' }),
        ...(installer === 'istioctl' && {
          'install.operator.istio.io/owning-resource': 'unknown',
        }),
      },
      ...(!installer && {
        annotations: {
          'meta.helm.sh/release-name': release,
          'meta.helm.sh/release-namespace': namespace,
        },
      }),
      ...(owner && { ownerReferences: [owner] }),
    },
    spec: {
      selector: { matchLabels: selected },
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
      },
      template: {
        metadata: {
          labels: {
            ...selected,
            'istio.io/dataplane-mode': 'none',
            'sidecar.istio.io/inject': 'false',
          },
          annotations: { 'sidecar.istio.io/inject': 'false' },
        },
        spec: {
          serviceAccountName: kind === 'cni' ? 'istio-cni' : 'ztunnel',
          ...(kind === 'cni' && { hostNetwork: true }),
          containers: [containerOf(agent)],
        },
      },
    },
  };
}

/** Installs or renews an agent, with its namespace when that is new. */
export function applyNodeAgent(
  cluster: Cluster,
  agent: NodeAgent,
  marks: Marks = {},
) {
  const { namespace } = agent;
  if (!cluster.store.get(NAMESPACES, undefined, namespace)) {
    cluster.store.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: { 'kubernetes.io/metadata.name': namespace },
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }
  applyEntries(
    cluster,
    [[DAEMON_SETS as Resource, nodeAgentDaemonSet(agent)]],
    marks,
  );
}

/** The DaemonSet of an agent, wherever it is installed. */
export function findNodeAgent(
  cluster: Cluster,
  kind: NodeAgentKind,
): DaemonSet | undefined {
  return cluster.store
    .list(DAEMON_SETS)
    .find(({ metadata }) => metadata.name === NAMES[kind]);
}

/** The hub that an installed agent's image comes from. */
export function hubOfAgent(set: DaemonSet): string {
  return set.spec.template.spec.containers[0].image.replace(
    /\/[^/]+:[^:/]*$/,
    '',
  );
}

function containerOf({ kind, hub, version }: NodeAgent): Container {
  const resources = { requests: { cpu: '100m', memory: '100Mi' } };
  return kind === 'cni'
    ? {
        name: 'install-cni',
        image: `${hub}/install-cni:${version}`,
        args: ['--log_output_level=info'],
        resources,
        readinessProbe: { httpGet: { path: '/readyz', port: 8000 } },
      }
    : {
        name: 'istio-proxy',
        image: `${hub}/ztunnel:${version}`,
        args: ['proxy', 'ztunnel'],
        resources: { requests: { cpu: '200m', memory: '512Mi' } },
        readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 } },
      };
}
