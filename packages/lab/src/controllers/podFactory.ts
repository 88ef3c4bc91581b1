import type { Cluster } from '../cluster/Cluster';
import { redirectToNode } from '../injection/ambient';
import { injectPod } from '../injection/injectPod';
import { PODS } from '../kubernetes/resources';
import type {
  Draft,
  OwnerReference,
  Pod,
  PodTemplate,
  StringMap,
} from '../kubernetes/types';
import { chooseNode, pendingStatus } from './kubelet';

/** What the API server makes of a pod it is asked to create: defaults, admission, a node. */
export function admitPod(cluster: Cluster, draft: Draft<Pod>): Draft<Pod> {
  const metadata = { ...draft.metadata };
  if (!metadata.name && metadata.generateName) {
    metadata.name = cluster.generateName(metadata.generateName);
  }
  const injected = redirectToNode(
    cluster,
    injectPod(cluster, { ...draft, metadata }),
  );
  const pod = {
    ...injected,
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      ...injected.spec,
    },
  };
  return { ...pod, status: { phase: 'Pending' } };
}

/** Creates a pod as a controller does; answers the stored pod. */
export function createPod(
  cluster: Cluster,
  options: {
    namespace: string;
    template: PodTemplate;
    owner: OwnerReference;
    labels?: StringMap;
    name?: string;
    generateName?: string;
    nodeName?: string;
  },
): Pod {
  const draft = admitPod(cluster, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: options.namespace,
      ...(options.name && { name: options.name }),
      ...(options.generateName && { generateName: options.generateName }),
      labels: { ...options.template.metadata?.labels, ...options.labels },
      ...(options.template.metadata?.annotations && {
        annotations: options.template.metadata.annotations,
      }),
      ownerReferences: [options.owner],
    },
    spec: options.template.spec,
  });
  return schedulePod(cluster, draft, options.nodeName);
}

/** Stores an admitted pod with a node under it. */
export function schedulePod(
  cluster: Cluster,
  admitted: Draft<Pod>,
  nodeName = admitted.spec.nodeName ?? chooseNode(cluster),
): Pod {
  const pod = { ...admitted, spec: { ...admitted.spec, nodeName } };
  return cluster.store.create(PODS, {
    ...pod,
    status: pendingStatus(pod, cluster.clock.now()),
  });
}
