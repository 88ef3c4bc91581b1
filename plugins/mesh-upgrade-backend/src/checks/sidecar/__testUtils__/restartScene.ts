import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { WorkloadDetail } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesClient, ObjectRef } from '../../../clusters/types';
import {
  injectorWebhooksObject,
  namespaceObject,
} from '../../../inventory/__testUtils__/objects';
import {
  aWorkload,
  lists,
  runs,
  sidecarContext,
} from '../../__testUtils__/fakes';
import type { SidecarCheck } from '../../types';
import type { FreshWorkload } from '../freshWorkload';
import type { TriedPod } from '../trialPod';

export const PROXY_IMAGE = 'docker.io/istio/proxyv2:1.30.3';

const APP = { name: 'app', image: 'app:1', readinessProbe: {} };

/** A world in which a restart of two replicas is nothing to worry about; a test spoils what it is about. */
export interface RestartScene {
  workload?: Partial<WorkloadDetail>;
  spec?: Partial<NonNullable<FreshWorkload['spec']>>;
  status?: FreshWorkload['status'];
  metadata?: Partial<FreshWorkload['metadata']>;
  /** Of the pod template. */
  pod?: Partial<V1PodSpec>;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** What the API server makes of a new pod, or how it refuses it. */
  trial?: TriedPod | Error;
  /** Objects of the cluster by the plural name of their kind. */
  objects?: Record<string, object[]>;
  client?: Partial<KubernetesClient>;
}

export function newPod(
  options: {
    proxy?: Partial<V1Container>;
    native?: boolean;
    revision?: string;
    more?: Partial<V1PodSpec>;
  } = {},
): TriedPod {
  const proxy = { name: 'istio-proxy', image: PROXY_IMAGE, ...options.proxy };
  return {
    metadata: {
      name: 'cart-x',
      namespace: 'shop',
      annotations: { 'istio.io/rev': options.revision ?? 'default' },
    },
    spec: {
      containers: options.native ? [APP] : [APP, proxy],
      initContainers: options.native
        ? [{ ...proxy, restartPolicy: 'Always' }]
        : [],
      ...options.more,
    },
  };
}

export function runningPod(
  overrides: Partial<WorkloadDetail['podList'][number]> = {},
): WorkloadDetail['podList'][number] {
  return {
    name: 'cart-1',
    uid: 'cart-1',
    phase: 'Running',
    ready: true,
    node: 'node-1',
    sidecar: 'container',
    version: '1.29.4',
    image: 'docker.io/istio/proxyv2:1.29.4',
    revision: 'default',
    createdAt: '2026-01-01T00:00:00Z',
    ...overrides,
  };
}

export function istiodObject(
  options: {
    revision?: string;
    version?: string;
    available?: number;
    replicas?: number;
  } = {},
) {
  const { revision, version = '1.30.3', replicas = 1 } = options;
  return {
    metadata: {
      name: revision ? `istiod-${revision}` : 'istiod',
      namespace: 'istio-system',
      labels: { app: 'istiod', 'istio.io/rev': revision ?? 'default' },
    },
    spec: {
      replicas,
      template: {
        spec: {
          containers: [
            { name: 'discovery', image: `docker.io/istio/pilot:${version}` },
          ],
        },
      },
    },
    status: { availableReplicas: options.available ?? replicas },
  };
}

export function nodeObject(
  name: string,
  options: {
    labels?: Record<string, string>;
    spec?: object;
    ready?: boolean;
    kubelet?: string;
    allocatable?: Record<string, string>;
  } = {},
) {
  return {
    metadata: { name, labels: options.labels ?? {} },
    spec: options.spec ?? {},
    status: {
      conditions: [
        { type: 'Ready', status: options.ready === false ? 'False' : 'True' },
      ],
      nodeInfo: {
        kubeletVersion: options.kubelet ?? 'v1.34.0',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
      allocatable: options.allocatable ?? { cpu: '4', memory: '8Gi' },
    },
  };
}

export function deploymentObject(scene: RestartScene): FreshWorkload {
  const replicas = scene.spec?.replicas ?? 2;
  return {
    metadata: {
      name: 'cart',
      namespace: 'shop',
      generation: 3,
      ...scene.metadata,
    },
    spec: {
      replicas,
      template: {
        metadata: {
          labels: { app: 'cart', ...scene.labels },
          annotations: scene.annotations,
        },
        spec: { containers: [APP], ...scene.pod },
      },
      ...scene.spec,
    },
    status: scene.status ?? {
      observedGeneration: 3,
      replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
    },
  };
}

/** What a check finds, as `severity: title`. */
export async function findingsOf(
  check: SidecarCheck,
  scene: RestartScene = {},
) {
  const workload = aWorkload({
    podList: [runningPod(), runningPod({ name: 'cart-2', uid: 'cart-2' })],
    ...scene.workload,
  });
  const context = sidecarContext(workload, clientOf(scene));
  return check.run(context);
}

export async function titlesOf(check: SidecarCheck, scene: RestartScene = {}) {
  return (await findingsOf(check, scene)).map(
    ({ severity, title }) => `${severity}: ${title}`,
  );
}

export function clientOf(scene: RestartScene): Partial<KubernetesClient> {
  const { trial = newPod() } = scene;
  const objects = {
    namespaces: [namespaceObject('shop', { 'istio-injection': 'enabled' })],
    mutatingwebhookconfigurations: [injectorWebhooksObject()],
    deployments: [istiodObject()],
    endpointslices: [
      {
        metadata: { name: 'istiod-1', namespace: 'istio-system' },
        endpoints: [{ conditions: { ready: true } }],
      },
    ],
    nodes: [nodeObject('node-1'), nodeObject('node-2')],
    ...scene.objects,
  };
  return {
    ...runs('v1.34.0'),
    ...lists(objects),
    get: (async ({ resource }: ObjectRef) =>
      resource === 'deployments' || resource === 'statefulsets'
        ? deploymentObject(scene)
        : (objects as Record<string, object[]>)[resource]?.[0]) as any,
    create: (async () => {
      if (trial instanceof Error) {
        throw trial;
      }
      return trial;
    }) as any,
    accessReview: async () => ({ allowed: true }),
    ...scene.client,
  };
}
