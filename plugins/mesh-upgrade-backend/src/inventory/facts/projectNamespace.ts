import type { KubernetesObject } from '../../clusters/types';
import type { NamespaceFact } from './types';

/** Keeps a namespace's labels: any of them may be what a webhook selects by. */
export function projectNamespace({
  metadata,
}: KubernetesObject): NamespaceFact {
  return { name: metadata.name, labels: metadata.labels ?? {} };
}
