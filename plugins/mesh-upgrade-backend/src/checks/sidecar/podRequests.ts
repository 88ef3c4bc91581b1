import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { parseQuantity } from './quantity';

/** What a pod asks for, by name as quotas count it, e.g. `requests.cpu`. */
export type PodRequests = Record<
  'requests.cpu' | 'requests.memory' | 'limits.cpu' | 'limits.memory',
  number
>;

/** As the scheduler counts: containers and native sidecars together, other init containers one by one. */
export function podRequests(spec: V1PodSpec | undefined): PodRequests {
  const { containers = [], initContainers = [] } = spec ?? {};
  const stays = ({ restartPolicy }: V1Container) => restartPolicy === 'Always';
  const count = (kind: 'requests' | 'limits', resource: 'cpu' | 'memory') => {
    const of = (container: V1Container) =>
      parseQuantity(container.resources?.[kind]?.[resource] ?? '0') ?? 0;
    const running = [...containers, ...initContainers.filter(stays)]
      .map(of)
      .reduce((sum, each) => sum + each, 0);
    return Math.max(
      running,
      ...initContainers.filter(each => !stays(each)).map(of),
    );
  };
  return {
    'requests.cpu': count('requests', 'cpu'),
    'requests.memory': count('requests', 'memory'),
    'limits.cpu': count('limits', 'cpu'),
    'limits.memory': count('limits', 'memory'),
  };
}
