import { poll } from '../../../../scripts/lib/poll.mjs';
import type { ClusterAccess } from '../../../ClusterAccess';
import type { Pod } from '../reader/types';
import { create } from './create';
import { DEPLOYMENT, pod, workload } from './objects';

/** Pods as a kubelet reports them when something is wrong; no fake node would. */
export async function troubledPods(
  cluster: ClusterAccess,
  space: string,
): Promise<void> {
  await create(
    cluster,
    workload(DEPLOYMENT, `${space}/crashing`, { replicas: 2 }),
    workload(DEPLOYMENT, `${space}/evicted`),
    pod(`${space}/failed`),
  );
  const first = await runningPod(cluster, space, 'crashing');
  await report(cluster, first, {
    containerStatuses: first.status.containerStatuses?.map(status => ({
      ...status,
      ready: false,
      started: false,
      restartCount: 7,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 5m0s restarting failed container=app',
        },
      },
    })),
  });
  await report(cluster, await runningPod(cluster, space, 'evicted'), {
    phase: 'Failed',
    reason: 'Evicted',
    message: 'The node was low on resource: memory.',
  });
  await report(cluster, await runningPod(cluster, space, 'failed'), {
    phase: 'Failed',
  });
}

function report(
  cluster: ClusterAccess,
  { metadata }: Pod,
  status: object,
): Promise<unknown> {
  return cluster.patch(
    `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`,
    { status },
  );
}

function runningPod(
  cluster: ClusterAccess,
  space: string,
  app: string,
): Promise<Pod> {
  return poll(
    async () => {
      const { items } = await cluster.get<{ items: Pod[] }>(
        `/api/v1/namespaces/${space}/pods?labelSelector=app%3D${app}`,
      );
      return items.find(({ status }) => status.phase === 'Running');
    },
    { timeoutMs: 30_000, what: `a pod of ${space}/${app} to run` },
  );
}
