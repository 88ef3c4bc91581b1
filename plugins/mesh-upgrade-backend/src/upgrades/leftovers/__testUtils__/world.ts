import type { MutatingWebhookConfiguration } from '../../../checks/configuration/resources';
import type { KubernetesObject } from '../../../clusters/types';
import type { ClusterWorld } from '../types';

export const NAMESPACE = 'istio-system';

export function labelled(
  name: string,
  revision: string,
  more: Record<string, string> = {},
): KubernetesObject {
  return {
    metadata: {
      name,
      namespace: NAMESPACE,
      labels: { app: 'istiod', 'istio.io/rev': revision, ...more },
    },
  };
}

function clusterScoped(
  name: string,
  revision: string,
  more: Record<string, string> = {},
) {
  const { metadata } = labelled(name, revision, more);
  return { metadata: { ...metadata, namespace: undefined } };
}

export function istiod(
  revision: string,
  version: string,
  env?: { name: string; value: string }[],
) {
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  return {
    ...labelled(name, revision),
    spec: {
      template: {
        metadata: { labels: { app: 'istiod', 'istio.io/rev': revision } },
        spec: {
          containers: [
            {
              name: 'discovery',
              image: `docker.io/istio/pilot:${version}`,
              env,
            },
          ],
        },
      },
    },
  };
}

export function service(revision: string) {
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  return {
    ...labelled(name, revision),
    spec: { selector: { app: 'istiod', 'istio.io/rev': revision } },
  };
}

function clientConfig(revision: string) {
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  return { service: { namespace: NAMESPACE, name } };
}

/** Selectors as Istio's chart writes them, for a revision or a tag of it. */
export function injector(
  revision: string,
  tag?: string,
): MutatingWebhookConfiguration {
  const asked = tag ?? revision;
  const webhook = (name: string, namespaceSelector: object) => ({
    name: `${name}.sidecar-injector.istio.io`,
    clientConfig: clientConfig(revision),
    namespaceSelector,
    objectSelector: {},
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  });
  return {
    ...clusterScoped(
      tag === undefined
        ? `istio-sidecar-injector-${revision}`
        : `istio-revision-tag-${tag}`,
      revision,
      tag === undefined ? {} : { 'istio.io/tag': tag },
    ),
    webhooks: [
      webhook('rev.namespace', {
        matchExpressions: [
          { key: 'istio.io/rev', operator: 'In', values: [asked] },
          { key: 'istio-injection', operator: 'DoesNotExist' },
        ],
      }),
      ...(asked === 'default'
        ? [
            webhook('namespace', {
              matchLabels: { 'istio-injection': 'enabled' },
            }),
          ]
        : []),
    ],
  };
}

export function validator(
  name: string,
  revision: string,
  failurePolicy = 'Fail',
) {
  return {
    ...clusterScoped(name, revision),
    webhooks: [
      {
        name: 'rev.validation.istio.io',
        clientConfig: clientConfig(revision),
        failurePolicy,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}

export function namespace(name: string, labels: Record<string, string> = {}) {
  return { metadata: { name, labels } };
}

/** Revision 1-30 runs with 1.30.3 and serves namespace shop; add what is left beside it. */
/** A cluster in which revision 1-30 runs and serves namespace shop, and more. */
export function world(more: Partial<ClusterWorld> = {}): ClusterWorld {
  return {
    cluster: 'prod-eu',
    validating: [validator('istio-validator-1-30-istio-system', '1-30')],
    autoscalers: [],
    budgets: [],
    nodeAgents: [],
    istios: [],
    istioRevisions: [],
    istioRevisionTags: [],
    workloads: [],
    proxies: [{ namespace: 'shop', name: 'cart-1', revision: '1-30' }],
    ...more,
    configMaps: [
      labelled('istio-1-30', '1-30'),
      labelled('istio-sidecar-injector-1-30', '1-30'),
      ...(more.configMaps ?? []),
    ],
    namespaces: [
      namespace(NAMESPACE),
      namespace('shop', { 'istio.io/rev': '1-30' }),
      ...(more.namespaces ?? []),
    ],
    services: [service('1-30'), ...(more.services ?? [])],
    istiods: [istiod('1-30', '1.30.3'), ...(more.istiods ?? [])],
    mutating: [injector('1-30'), ...(more.mutating ?? [])],
  };
}
