import type { Container, Pod, PodSpec } from './types';

export const PROXY_CONTAINER = 'istio-proxy';

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** Succeeded and failed pods: no container of theirs will run again. */
export function isCompleted(pod: Pod): boolean {
  return ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
}

/** Neither going nor gone: counts as a replica. */
export function isActive(pod: Pod): boolean {
  return !isTerminating(pod) && !isCompleted(pod);
}

export function isReady(pod: Pod): boolean {
  return (
    pod.status?.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    ) ?? false
  );
}

/** Every container that a pod's spec names, of whatever form. */
export function allContainers(spec: PodSpec): Container[] {
  return [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ];
}

/** An init container that keeps running beside the others. */
export function isNativeSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}
