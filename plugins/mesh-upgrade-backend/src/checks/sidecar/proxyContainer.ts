import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { PROXY_CONTAINER } from '../../inventory/facts/projectPod';

export { PROXY_CONTAINER };

/** The sidecar of a pod or template, and whether it is a native one. */
export function proxyContainer(
  spec: V1PodSpec | undefined,
): { container: V1Container; native: boolean } | undefined {
  const find = (containers: V1Container[] | undefined) =>
    containers?.find(({ name }) => name === PROXY_CONTAINER);
  const container = find(spec?.containers);
  if (container) {
    return { container, native: false };
  }
  const native = find(spec?.initContainers);
  return native && { container: native, native: true };
}
