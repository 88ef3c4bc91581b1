/** The part of a pod that is read here. */
export interface Pod {
  metadata: {
    deletionTimestamp?: string;
    ownerReferences?: { kind: string; name: string }[];
  };
  spec: { containers: Container[]; initContainers?: Container[] };
  status: { phase: string };
}

interface Container {
  name: string;
  image: string;
}

/**
 * Image of the proxy of each live pod; `none` for a pod without one. Whether
 * it is a container or a native sidecar makes no difference.
 */
export function proxyImages(pods: Pod[]): string[] {
  return pods
    .filter(
      ({ metadata, status }) =>
        !metadata.deletionTimestamp &&
        !['Succeeded', 'Failed'].includes(status.phase),
    )
    .map(
      ({ spec }) =>
        [...spec.containers, ...(spec.initContainers ?? [])].find(
          ({ name }) => name === 'istio-proxy',
        )?.image ?? 'none',
    );
}
