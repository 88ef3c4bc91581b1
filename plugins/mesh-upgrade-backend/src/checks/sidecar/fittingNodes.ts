import type {
  V1NodeSelectorTerm,
  V1NodeSpec,
  V1NodeStatus,
  V1PodSpec,
  V1Taint,
  V1Toleration,
} from '@kubernetes/client-node';
import type { KubernetesObject } from '../../clusters/types';
import { matchesSelector } from '../../kubernetes/labelSelector';
import { podRequests } from './podRequests';
import { parseQuantity } from './quantity';

export type Node = KubernetesObject & {
  spec?: V1NodeSpec;
  status?: V1NodeStatus;
};

/** Ready nodes that a pod may run on and that are big enough for it when they are empty. */
export function fittingNodes(
  nodes: Node[],
  pod: V1PodSpec | undefined,
): Node[] {
  const requests = podRequests(pod);
  const terms =
    pod?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms;
  return nodes.filter(node => {
    const labels = node.metadata.labels ?? {};
    const { cpu, memory } = node.status?.allocatable ?? {};
    return (
      isReady(node) &&
      !node.spec?.unschedulable &&
      (node.spec?.taints ?? []).every(taint =>
        tolerates(pod?.tolerations ?? [], taint),
      ) &&
      matchesSelector({ matchLabels: pod?.nodeSelector }, labels) &&
      (terms === undefined || terms.some(term => matchesTerm(term, labels))) &&
      holds(cpu, requests['requests.cpu']) &&
      holds(memory, requests['requests.memory'])
    );
  });
}

function isReady({ status }: Node): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value }) => type === 'Ready' && value === 'True',
  );
}

function tolerates(tolerations: V1Toleration[], taint: V1Taint): boolean {
  return (
    taint.effect === 'PreferNoSchedule' ||
    tolerations.some(
      ({ key, operator = 'Equal', value = '', effect }) =>
        (!effect || effect === taint.effect) &&
        (!key || key === taint.key) &&
        (operator === 'Exists' ||
          (key === taint.key && value === (taint.value ?? ''))),
    )
  );
}

function matchesTerm(
  { matchExpressions = [] }: V1NodeSelectorTerm,
  labels: Record<string, string>,
): boolean {
  return matchExpressions.every(expression => {
    const { key, operator, values = [] } = expression;
    if (operator === 'Gt' || operator === 'Lt') {
      const difference = Number(labels[key]) - Number(values[0]);
      return operator === 'Gt' ? difference > 0 : difference < 0;
    }
    return matchesSelector({ matchExpressions: [expression] }, labels);
  });
}

/** A node that does not tell what it has is taken for big enough. */
function holds(allocatable: string | undefined, needed: number): boolean {
  return (parseQuantity(allocatable ?? '') ?? Infinity) >= needed;
}
