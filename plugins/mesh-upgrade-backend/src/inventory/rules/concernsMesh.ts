import type { ClusterFacts } from '../facts/ClusterFacts';
import type { WorkloadFact } from '../facts/types';

/** Namespaces of Kubernetes itself: their workloads are nobody's to inject. */
const KUBERNETES_NAMESPACE = /^kube-(system|public|node-lease)$/;

/** False for parts of Istio and Kubernetes, and for a Job that is over: they are neither listed nor counted. */
export function concernsMesh(
  workload: WorkloadFact,
  facts: ClusterFacts,
): boolean {
  return (
    workload.component === undefined &&
    !KUBERNETES_NAMESPACE.test(workload.namespace) &&
    !(workload.finished && facts.livePodsOf(workload).length === 0)
  );
}
