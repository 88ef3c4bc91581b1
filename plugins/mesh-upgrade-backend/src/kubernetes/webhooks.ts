import type { KubernetesObject, ResourceType } from '../clusters/types';

/** What a webhook configuration tells of whom the API server asks. */
export interface WebhookConfiguration extends KubernetesObject {
  webhooks?: {
    name: string;
    clientConfig: {
      url?: string;
      service?: { namespace: string; name: string };
    };
    failurePolicy?: string;
  }[];
}

export const VALIDATING_WEBHOOKS: ResourceType = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  resource: 'validatingwebhookconfigurations',
};
export const MUTATING_WEBHOOKS: ResourceType = {
  ...VALIDATING_WEBHOOKS,
  resource: 'mutatingwebhookconfigurations',
};

export const DEFAULT_VALIDATOR = 'istiod-default-validator';
/** Label of what belongs to a revision. */
export const REVISION = 'istio.io/rev';
/** Label of what belongs to a revision tag. */
export const TAG = 'istio.io/tag';

/** Whether Istio's configuration of a revision is validated through it; the default validator is asked about everything. */
export function validatesConfiguration(
  { metadata, webhooks = [] }: WebhookConfiguration,
  revision: string,
): boolean {
  return (
    webhooks.some(({ name }) => name.endsWith('validation.istio.io')) &&
    (metadata.name === DEFAULT_VALIDATOR ||
      metadata.labels?.[REVISION] === revision)
  );
}

/** The revision that a revision tag stands for; undefined for what is no tag. */
export function revisionOfTag({
  metadata: { labels = {} },
}: WebhookConfiguration): string | undefined {
  return labels[TAG] ? labels[REVISION] : undefined;
}
