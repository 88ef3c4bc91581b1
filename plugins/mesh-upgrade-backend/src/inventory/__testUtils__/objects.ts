import type { KubernetesObject } from '../../clusters/types';
import type { RawConfigMap } from '../facts/projectInjectorConfig';
import type { RawWebhookConfiguration } from '../facts/projectInjectorWebhooks';
import type { RawPod } from '../facts/projectPod';
import type { RawService } from '../facts/projectService';
import type { RawWorkload } from '../facts/projectWorkload';

/** Objects as an API server sends them, with only what a test cares about. */

type Labels = Record<string, string>;

export function namespaceObject(
  name: string,
  labels: Labels = {},
): KubernetesObject {
  return {
    metadata: {
      name,
      labels: { 'kubernetes.io/metadata.name': name, ...labels },
    },
  };
}

export function workloadObject(
  name: string,
  options: {
    namespace?: string;
    labels?: Labels;
    annotations?: Labels;
    ownerReferences?: KubernetesObject['metadata']['ownerReferences'];
    templateLabels?: Labels;
    templateAnnotations?: Labels;
    containers?: { name: string; image: string }[];
    hostNetwork?: boolean;
    paused?: boolean;
    replicas?: number;
    status?: RawWorkload['status'];
  } = {},
): RawWorkload {
  return {
    metadata: {
      name,
      namespace: options.namespace ?? 'shop',
      uid: `uid-${name}`,
      labels: options.labels,
      annotations: options.annotations,
      ownerReferences: options.ownerReferences,
    },
    spec: {
      replicas: options.replicas ?? 1,
      paused: options.paused,
      template: {
        metadata: {
          labels: { app: name, ...options.templateLabels },
          annotations: options.templateAnnotations,
        },
        spec: {
          containers: options.containers ?? [{ name: 'app', image: 'app:1' }],
          hostNetwork: options.hostNetwork,
        },
      },
    },
    status: options.status,
  };
}

export function replicaSetObject(
  name: string,
  deployment: string,
): KubernetesObject {
  return {
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      ownerReferences: [controller('Deployment', deployment)],
    },
  };
}

export function podObject(
  name: string,
  options: {
    namespace?: string;
    owner?: { kind: string; name: string };
    /** Image of the proxy; no sidecar without. */
    proxy?: string;
    native?: boolean;
    revision?: string;
    phase?: string;
    terminating?: boolean;
    labels?: Labels;
    createdAt?: string;
    image?: string;
    status?: RawPod['status'];
  } = {},
): RawPod {
  const proxy = options.proxy
    ? [
        {
          name: 'istio-proxy',
          image: options.proxy,
          resources: { requests: { cpu: '100m', memory: '128Mi' } },
        },
      ]
    : [];
  const app = { name: 'app', image: options.image ?? 'app:1' };
  return {
    metadata: {
      name,
      namespace: options.namespace ?? 'shop',
      uid: `uid-${name}`,
      labels: options.labels,
      annotations: options.proxy
        ? { 'istio.io/rev': options.revision ?? 'default' }
        : {},
      creationTimestamp: options.createdAt ?? '2026-01-01T00:00:00Z',
      deletionTimestamp: options.terminating
        ? '2026-01-02T00:00:00Z'
        : undefined,
      ownerReferences: options.owner && [
        controller(options.owner.kind, options.owner.name),
      ],
    },
    spec: {
      nodeName: 'node-1',
      containers: options.native ? [app] : [app, ...proxy],
      initContainers: options.native ? proxy : [],
    },
    status: {
      phase: options.phase ?? 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      ...options.status,
    },
  };
}

export function serviceObject(
  name: string,
  spec: RawService['spec'],
  namespace = 'shop',
): RawService {
  return { metadata: { name, namespace, uid: `uid-${name}` }, spec };
}

export function injectorConfigObject(
  options: {
    revision?: string;
    hub?: string;
    tag?: string;
    meshID?: string;
    namespace?: string;
  } = {},
): RawConfigMap {
  const { revision, hub = 'docker.io/istio', tag = '1.30.3', meshID } = options;
  return {
    metadata: {
      name: revision
        ? `istio-sidecar-injector-${revision}`
        : 'istio-sidecar-injector',
      namespace: options.namespace ?? 'istio-system',
    },
    data: {
      values: JSON.stringify({
        global: { hub, tag, meshID, proxy: { image: 'proxyv2' } },
      }),
    },
  };
}

/** The webhooks of Istio's chart for one revision, or for one of its tags. */
export function injectorWebhooksObject(
  options: { revision?: string; tag?: string; everywhere?: boolean } = {},
): RawWebhookConfiguration {
  const { revision = 'default', tag, everywhere } = options;
  const answersTo = tag ?? revision;
  const absent = (key: string) => ({ key, operator: 'DoesNotExist' });
  const among = (key: string, values: string[]) => ({
    key,
    operator: 'In',
    values,
  });
  const notRefused = {
    key: 'sidecar.istio.io/inject',
    operator: 'NotIn',
    values: ['false'],
  };
  const hooks = [
    {
      name: 'rev.namespace',
      namespaceSelector: [
        among('istio.io/rev', [answersTo]),
        absent('istio-injection'),
      ],
      objectSelector: [notRefused],
    },
    {
      name: 'rev.object',
      namespaceSelector: [absent('istio.io/rev'), absent('istio-injection')],
      objectSelector: [notRefused, among('istio.io/rev', [answersTo])],
    },
    ...(answersTo === 'default'
      ? [
          {
            name: 'namespace',
            namespaceSelector: [among('istio-injection', ['enabled'])],
            objectSelector: [notRefused],
          },
          {
            name: 'object',
            namespaceSelector: [
              absent('istio-injection'),
              absent('istio.io/rev'),
            ],
            objectSelector: [
              among('sidecar.istio.io/inject', ['true']),
              absent('istio.io/rev'),
            ],
          },
        ]
      : []),
    ...(everywhere
      ? [
          {
            name: 'auto',
            namespaceSelector: [
              absent('istio-injection'),
              absent('istio.io/rev'),
              {
                key: 'kubernetes.io/metadata.name',
                operator: 'NotIn',
                values: ['kube-system', 'kube-public', 'kube-node-lease'],
              },
            ],
            objectSelector: [
              absent('sidecar.istio.io/inject'),
              absent('istio.io/rev'),
            ],
          },
        ]
      : []),
  ];
  return {
    metadata: {
      name: tag
        ? `istio-revision-tag-${tag}`
        : `istio-sidecar-injector-${revision}`,
      labels: { 'istio.io/rev': revision, ...(tag && { 'istio.io/tag': tag }) },
    },
    webhooks: hooks.map(({ name, namespaceSelector, objectSelector }) => ({
      name: `${name}.sidecar-injector.istio.io`,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      clientConfig: { service: { name: 'istiod', namespace: 'istio-system' } },
      namespaceSelector: { matchExpressions: namespaceSelector },
      objectSelector: { matchExpressions: objectSelector },
    })),
  };
}

function controller(kind: string, name: string) {
  return { kind, name, uid: `uid-${name}`, controller: true };
}
