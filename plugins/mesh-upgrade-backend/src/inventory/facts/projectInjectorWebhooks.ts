import type { MutatingWebhook } from 'kubernetes-types/admissionregistration/v1';
import type { KubernetesObject } from '../../clusters/types';
import type { InjectorWebhooksFact } from './types';

export type RawWebhookConfiguration = KubernetesObject & {
  webhooks?: MutatingWebhook[];
};

/** Undefined for every configuration without a sidecar injector. */
export function projectInjectorWebhooks({
  metadata,
  webhooks,
}: RawWebhookConfiguration): InjectorWebhooksFact | undefined {
  const injectors = (webhooks ?? []).filter(({ name }) =>
    name.endsWith('sidecar-injector.istio.io'),
  );
  if (injectors.length === 0) {
    return undefined;
  }
  return {
    name: metadata.name,
    revision: metadata.labels?.['istio.io/rev'] || 'default',
    tag: metadata.labels?.['istio.io/tag'],
    controlPlaneNamespace: injectors[0].clientConfig.service?.namespace,
    url: injectors[0].clientConfig.url,
    webhooks: injectors.map(({ name, namespaceSelector, objectSelector }) => ({
      name,
      namespaceSelector: namespaceSelector ?? {},
      objectSelector: objectSelector ?? {},
    })),
  };
}
