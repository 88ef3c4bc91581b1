import type { Container, Pod } from './types';

const PROXY = 'istio-proxy';

/** Waiting for these is how every container begins. */
const BEGINNING = ['ContainerCreating', 'PodInitializing'];

/** Neither over nor on its way out. */
export function isLive({ metadata, status }: Pod): boolean {
  return (
    !metadata.deletionTimestamp &&
    status.phase !== 'Succeeded' &&
    status.phase !== 'Failed'
  );
}

export function isReady({ status }: Pod): boolean {
  return Boolean(
    status.conditions?.some(
      one => one.type === 'Ready' && one.status === 'True',
    ),
  );
}

export function proxyOf({ spec }: Pod): Container | undefined {
  return [...spec.containers, ...(spec.initContainers ?? [])].find(
    ({ name }) => name === PROXY,
  );
}

export function sidecarForm(
  pod: Pod,
): 'container' | 'native' | 'ambient' | 'none' {
  if (pod.spec.containers.some(({ name }) => name === PROXY)) {
    return 'container';
  }
  if (pod.spec.initContainers?.some(({ name }) => name === PROXY)) {
    return 'native';
  }
  return pod.metadata.annotations?.['ambient.istio.io/redirection'] ===
    'enabled'
    ? 'ambient'
    : 'none';
}

/** Image that the node says it runs; of a node that tells no tag the one of the template. */
export function proxyImageOf(pod: Pod): string | undefined {
  const asked = proxyOf(pod)?.image;
  const runs = statusesOf(pod).find(({ name }) => name === PROXY)?.image;
  return versionOf(runs) === undefined ? asked : runs;
}

/** `1.30.3` of `registry:5000/istio/proxyv2:1.30.3-distroless@sha256:…`; what has no tag of numbers tells none. */
export function versionOf(image: string | undefined): string | undefined {
  return image
    ?.match(/:v?(\d+\.\d+\.\d+[^:/@]*)(@.*)?$/)?.[1]
    .replace(/-(distroless|debug)$/, '');
}

/** Its version; of a tag that is none the tag as it is. */
export function tagOf(image: string | undefined): string | undefined {
  return versionOf(image) ?? image?.match(/^[^@]*:([^:/@]+)(@.*)?$/)?.[1];
}

/** In trouble of any kind that Kubernetes itself tells. */
export function isTroubled(pod: Pod): boolean {
  const { phase, reason, conditions = [] } = pod.status;
  return (
    phase === 'Unknown' ||
    reason !== undefined ||
    conditions.some(
      one => one.type === 'PodScheduled' && one.status === 'False',
    ) ||
    statusesOf(pod).some(
      ({ state }) =>
        (state?.waiting?.reason !== undefined &&
          !BEGINNING.includes(state.waiting.reason)) ||
        (state?.terminated?.exitCode ?? 0) !== 0,
    )
  );
}

function statusesOf({ status }: Pod) {
  return [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ];
}
