import { istiodName } from '../../controlPlane/names';
import { DAEMON_SETS, DEPLOYMENTS } from '../../kubernetes/resources';
import type { DaemonSet, Deployment } from '../../kubernetes/types';
import type { OperatorCluster } from '../Operator';
import type { ChartRelease } from './Charts';

/** What of a release is not yet rolled out, in helm's words; `undefined` when all is. */
export async function notRolledOut(
  cluster: OperatorCluster,
  { chart, namespace, values }: ChartRelease,
): Promise<string | undefined> {
  switch (chart) {
    case 'istiod': {
      const name = istiodName(values.revision || 'default');
      const istiod = await cluster.get(DEPLOYMENTS, namespace, name);
      return isDeploymentCurrent(istiod)
        ? undefined
        : `resource Deployment/${namespace}/${name} not ready. status: InProgress`;
    }
    case 'cni':
    case 'ztunnel': {
      const name = chart === 'cni' ? 'istio-cni-node' : 'ztunnel';
      const set = await cluster.get(DAEMON_SETS, namespace, name);
      return isDaemonSetCurrent(set)
        ? undefined
        : `resource DaemonSet/${namespace}/${name} not ready. status: InProgress`;
    }
    default:
      return undefined;
  }
}

function isDeploymentCurrent(deployment: Deployment | undefined): boolean {
  const { spec, status, metadata } = deployment ?? {};
  const replicas = spec?.replicas ?? 1;
  return (
    status?.observedGeneration === metadata?.generation &&
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas
  );
}

function isDaemonSetCurrent(set: DaemonSet | undefined): boolean {
  const { status, metadata } = set ?? {};
  return (
    status?.observedGeneration === metadata?.generation &&
    status?.updatedNumberScheduled === status?.desiredNumberScheduled &&
    status?.numberAvailable === status?.desiredNumberScheduled
  );
}
