import type {
  Draft,
  LabelSelector,
  Webhook,
  WebhookConfiguration,
} from '../kubernetes/types';
import { injectorWebhookName, ISTIO_NAMESPACE, istiodName } from './names';

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

const INJECT = 'sidecar.istio.io/inject';
const NAMESPACE_INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';

const absent = (key: string): Requirement => ({
  key,
  operator: 'DoesNotExist',
});
const oneOf = (key: string, ...values: string[]): Requirement => ({
  key,
  operator: 'In',
  values,
});
const noneOf = (key: string, ...values: string[]): Requirement => ({
  key,
  operator: 'NotIn',
  values,
});

/** The injector webhooks of a revision, with the selectors that Istio's chart writes. */
export function injectorWebhooks(
  revision: string,
  options: {
    labels: Record<string, string>;
    /** A tag's webhooks answer to the tag's name instead of the revision's. */
    tag?: string;
    enableNamespacesByDefault?: boolean;
  },
): Draft<WebhookConfiguration> {
  const { tag, labels } = options;
  const name = tag ?? revision;
  const webhook = (
    prefix: string,
    namespaceSelector: Requirement[],
    objectSelector: Requirement[],
  ): Webhook => ({
    name: `${prefix}.sidecar-injector.istio.io`,
    clientConfig: {
      service: {
        name: istiodName(revision),
        namespace: ISTIO_NAMESPACE,
        path: '/inject',
        port: 443,
      },
      caBundle: '',
    },
    rules: [
      {
        operations: ['CREATE'],
        apiGroups: [''],
        apiVersions: ['v1'],
        resources: ['pods'],
        scope: '*',
      },
    ],
    namespaceSelector: { matchExpressions: namespaceSelector },
    objectSelector: { matchExpressions: objectSelector },
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    reinvocationPolicy: 'Never',
  });
  const unlabelled = [absent(NAMESPACE_INJECTION), absent(REVISION)];
  const webhooks = [
    webhook(
      'rev.namespace',
      [oneOf(REVISION, name), absent(NAMESPACE_INJECTION)],
      [noneOf(INJECT, 'false')],
    ),
    webhook('rev.object', unlabelled, [
      noneOf(INJECT, 'false'),
      oneOf(REVISION, name),
    ]),
  ];
  if (name === 'default') {
    webhooks.push(
      webhook(
        'namespace',
        [oneOf(NAMESPACE_INJECTION, 'enabled')],
        [noneOf(INJECT, 'false')],
      ),
      webhook('object', unlabelled, [oneOf(INJECT, 'true'), absent(REVISION)]),
    );
    if (options.enableNamespacesByDefault) {
      webhooks.push(
        webhook(
          'auto',
          [
            ...unlabelled,
            noneOf(
              'kubernetes.io/metadata.name',
              'kube-system',
              'kube-public',
              'kube-node-lease',
              'local-path-storage',
            ),
          ],
          [absent(INJECT), absent(REVISION)],
        ),
      );
    }
  }
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: tag ? `istio-revision-tag-${tag}` : injectorWebhookName(revision),
      labels: {
        ...labels,
        app: 'sidecar-injector',
        [REVISION]: revision,
        ...(tag && { 'istio.io/tag': tag }),
      },
    },
    webhooks,
  };
}
