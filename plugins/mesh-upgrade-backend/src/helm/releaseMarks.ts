import type { KubernetesObject } from '../clusters/types';

/** Annotations that helm puts on everything a release makes. */
export const RELEASE_NAME = 'meta.helm.sh/release-name';
export const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';

/** The release that an object says it is of; undefined when helm has not marked it. */
export function releaseNamedBy({
  annotations = {},
  namespace = '',
}: KubernetesObject['metadata']):
  | { name: string; namespace: string }
  | undefined {
  const name = annotations[RELEASE_NAME];
  return name
    ? { name, namespace: annotations[RELEASE_NAMESPACE] ?? namespace }
    : undefined;
}
