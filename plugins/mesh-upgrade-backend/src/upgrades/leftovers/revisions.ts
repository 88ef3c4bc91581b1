import type { KubernetesObject } from '../../clusters/types';
import type { ClusterWorld, Service } from './types';

const REVISION = 'istio.io/rev';
const TAG = 'istio.io/tag';

/** The revision an object belongs to; the default one may have an empty label. */
export function revisionOf({ metadata }: KubernetesObject): string {
  return metadata.labels?.[REVISION] || 'default';
}

/** The revision tag that an object stands for. */
export function tagOf({ metadata }: KubernetesObject): string | undefined {
  return metadata.labels?.[TAG];
}

/**
 * Why nobody answers behind a Service; undefined when somebody does. One
 * without a selector leads to an istiod elsewhere.
 */
export function whyUnserved(
  ref: { namespace: string; name: string },
  { services, istiods }: ClusterWorld,
): string | undefined {
  const service = services.find(
    ({ metadata }) =>
      metadata.namespace === ref.namespace && metadata.name === ref.name,
  );
  const where = `Service ${ref.namespace}/${ref.name}`;
  if (!service) {
    return `${where} does not exist`;
  }
  return isServed(service, istiods)
    ? undefined
    : `no istiod stands behind ${where}`;
}

/** Whether a Service of a control plane has an istiod behind it, or leads elsewhere. */
export function isServed(
  { metadata, spec }: Service,
  istiods: ClusterWorld['istiods'],
): boolean {
  const selector = Object.entries(spec?.selector ?? {});
  return (
    selector.length === 0 ||
    istiods.some(istiod => {
      const labels = istiod.spec?.template?.metadata?.labels ?? {};
      return (
        istiod.metadata.namespace === metadata.namespace &&
        selector.every(([key, value]) => labels[key] === value)
      );
    })
  );
}
