import type { Cluster } from '../cluster/Cluster';
import { findNodeAgent } from '../controlPlane/nodeAgents';
import { PROXY_CONTAINER } from '../kubernetes/pods';
import { NAMESPACES } from '../kubernetes/resources';
import type { Draft, Pod } from '../kubernetes/types';

const MODE = 'istio.io/dataplane-mode';

/**
 * The pod as the CNI agent marks it when the ztunnel of its node serves it. A real one writes
 * the mark when the pod starts; the lab does with its creation.
 */
export function redirectToNode(cluster: Cluster, pod: Draft<Pod>): Draft<Pod> {
  const { namespace, labels = {} } = pod.metadata;
  const mode =
    labels[MODE] ??
    cluster.store.get(NAMESPACES, undefined, namespace ?? '')?.metadata
      .labels?.[MODE];
  const hasProxy = [
    ...(pod.spec.initContainers ?? []),
    ...pod.spec.containers,
  ].some(({ name }) => name === PROXY_CONTAINER);
  if (
    mode !== 'ambient' ||
    hasProxy ||
    pod.spec.hostNetwork ||
    !findNodeAgent(cluster, 'ztunnel')
  ) {
    return pod;
  }
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      annotations: {
        ...pod.metadata.annotations,
        'ambient.istio.io/redirection': 'enabled',
      },
    },
  };
}
