import type { Cluster } from '../cluster/Cluster';
import { MUTATING_WEBHOOKS, NAMESPACES } from '../kubernetes/resources';
import { matchesSelector } from '../kubernetes/selectors';
import type { StringMap, Webhook } from '../kubernetes/types';

const INJECTOR_WEBHOOK = 'sidecar-injector.istio.io';

/** The injector a webhook leads to: which control plane, and the revision it stands for. */
export interface InjectorTarget {
  revision: string;
}

/**
 * The injector that Kubernetes would call for a pod, decided by the selectors of every injector
 * webhook as the API server does. `undefined` when none matches.
 */
export function findInjector(
  cluster: Cluster,
  namespace: string,
  podLabels: StringMap | undefined,
): InjectorTarget | undefined {
  const namespaceLabels = {
    'kubernetes.io/metadata.name': namespace,
    ...cluster.store.get(NAMESPACES, undefined, namespace)?.metadata.labels,
  };
  const matches = (webhook: Webhook) =>
    webhook.name.endsWith(INJECTOR_WEBHOOK) &&
    matchesSelector(webhook.namespaceSelector, namespaceLabels) &&
    matchesSelector(webhook.objectSelector, podLabels);
  const configuration = cluster.store
    .list(MUTATING_WEBHOOKS)
    .find(({ webhooks = [] }) => webhooks.some(matches));
  return (
    configuration && {
      revision: configuration.metadata.labels?.['istio.io/rev'] ?? 'default',
    }
  );
}
