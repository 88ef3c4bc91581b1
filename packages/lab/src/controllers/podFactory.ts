import type { Cluster } from '../cluster/Cluster';
import { redirectToNode } from '../injection/ambient';
import { injectPod } from '../injection/injectPod';
import { refuseUnwanted } from '../admission/refusal';
import { ApiError } from '../kubernetes/errors';
import { PODS } from '../kubernetes/resources';
import type {
  Draft,
  OwnerReference,
  Pod,
  PodTemplate,
  StringMap,
} from '../kubernetes/types';
import { chooseNode, pendingStatus } from './kubelet';

/** How long controllers wait after a refusal, in milliseconds of lab time. */
const RETRY_DELAY = 1000;

/** What the API server makes of a pod it is asked to create: defaults and admission, which may refuse. */
export function admitPod(cluster: Cluster, draft: Draft<Pod>): Draft<Pod> {
  const metadata = { ...draft.metadata };
  if (!metadata.name && metadata.generateName) {
    metadata.name = cluster.generateName(metadata.generateName);
  }
  const injected = redirectToNode(
    cluster,
    injectPod(cluster, { ...draft, metadata }),
  );
  refuseUnwanted(cluster, injected);
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

/**
 * Creates a pod as a controller does, which tries `again` after a refusal; answers why it was
 * refused.
 */
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
    again: () => void;
  },
): ApiError | undefined {
  const draft: Draft<Pod> = {
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
  };
  try {
    schedulePod(cluster, admitPod(cluster, draft), options.nodeName);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    const { uid } = options.owner;
    cluster.queue.add(`pods of ${uid}`, options.again, RETRY_DELAY);
    return error;
  }
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
