import type {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '../configuration/resources';

/** An injector as chart istiod makes it for a revision, or for a tag of it. */
export function injector(
  revision: string,
  options: {
    tag?: string;
    name?: string;
    service?: string;
    url?: string;
    /** Serves `istio-injection=enabled` too. */
    isDefault?: boolean;
  } = {},
): MutatingWebhookConfiguration {
  const { tag, service = `istiod-${revision}`, url } = options;
  const asked = tag ?? revision;
  const webhook = (
    name: string,
    ofNamespace: object[],
    ofPod: object[] = [notIn('sidecar.istio.io/inject', 'false')],
  ) => ({
    name,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    clientConfig: url
      ? { url }
      : { service: { namespace: 'istio-system', name: service } },
    namespaceSelector: { matchExpressions: ofNamespace as [] },
    objectSelector: { matchExpressions: ofPod as [] },
  });
  return {
    metadata: {
      name:
        options.name ??
        (tag === undefined
          ? `istio-sidecar-injector-${revision}`
          : `istio-revision-tag-${tag}`),
      labels: {
        'istio.io/rev': revision,
        ...(tag !== undefined && { 'istio.io/tag': tag }),
      },
    },
    webhooks: [
      webhook('rev.namespace.sidecar-injector.istio.io', [
        isIn('istio.io/rev', asked),
        absent('istio-injection'),
      ]),
      webhook(
        'rev.object.sidecar-injector.istio.io',
        [absent('istio.io/rev'), absent('istio-injection')],
        [
          notIn('sidecar.istio.io/inject', 'false'),
          isIn('istio.io/rev', asked),
        ],
      ),
      ...(options.isDefault
        ? [
            webhook('namespace.sidecar-injector.istio.io', [
              isIn('istio-injection', 'enabled'),
            ]),
          ]
        : []),
    ],
  };
}

/** A validator as the charts make it. */
export function validator(
  name: string,
  options: {
    revision?: string;
    service?: string;
    url?: string;
    failurePolicy?: string;
  } = {},
): ValidatingWebhookConfiguration {
  const { revision = 'default', service, url, failurePolicy } = options;
  return {
    metadata: { name, labels: { 'istio.io/rev': revision } },
    webhooks: [
      {
        name: 'validation.istio.io',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy,
        clientConfig: {
          ...(service && {
            service: { namespace: 'istio-system', name: service },
          }),
          ...(url && { url }),
        },
      },
    ],
  };
}

/** Deployment and Service of an istiod. */
export function istiod(revision: string) {
  return {
    metadata: {
      namespace: 'istio-system',
      name: `istiod-${revision}`,
      labels: { app: 'istiod', 'istio.io/rev': revision },
    },
  };
}

export function namespace(name: string, labels: Record<string, string> = {}) {
  return { metadata: { name, labels } };
}

function isIn(key: string, ...values: string[]) {
  return { key, operator: 'In', values };
}

function notIn(key: string, ...values: string[]) {
  return { key, operator: 'NotIn', values };
}

function absent(key: string) {
  return { key, operator: 'DoesNotExist' };
}
