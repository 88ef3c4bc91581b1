import type {
  V1ResourceQuotaSpec,
  V1ResourceQuotaStatus,
} from '@kubernetes/client-node';
import {
  passed,
  warning,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import type { SidecarCheck } from '../types';
import { podRequests, type PodRequests } from './podRequests';
import { parseQuantity } from './quantity';
import { RESOURCE_QUOTAS } from '../resources';
import { restartCheck } from './restartCheck';
import { rolloutShape } from './rolloutShape';
import { trialPod } from './trialPod';

type Quota = KubernetesObject & {
  spec?: V1ResourceQuotaSpec;
  status?: V1ResourceQuotaStatus;
};

/** One more pod is tried for real; whether the quotas hold all the extra ones of a rollout is counted here. */
export function quotaHeadroom(): SidecarCheck {
  return restartCheck({
    id: 'quota-headroom',
    title: 'Room in the quotas',
    worst: 'warning',
    async decide(context) {
      const { workload, object, list } = context;
      const { pod } = await trialPod(context);
      if (!pod) {
        return [];
      }
      const { surge } = rolloutShape(workload.kind, object);
      const quotas = (await list<Quota>(RESOURCE_QUOTAS)).filter(
        ({ metadata, spec }) =>
          metadata.namespace === workload.namespace && !isScoped(spec),
      );
      const tight = quotas.flatMap(quota =>
        shortages(quota, surge, podRequests(pod.spec)),
      );
      const says = {
        object: `Namespace ${workload.namespace}`,
        observed:
          tight.join('; ') ||
          (quotas.length > 0
            ? `${quotas
                .map(q => q.metadata.name)
                .join(', ')} hold ${surge} more pods`
            : 'No quota counts its pods'),
        expected: `Room for ${surge} more pods with their sidecars`,
      };
      return tight.length > 0
        ? [
            warning({
              ...says,
              title: `The quota does not hold ${surge} more pods`,
              objects: quotas.map(({ metadata: { namespace, name } }) => ({
                kind: 'ResourceQuota',
                namespace,
                name,
              })),
              remedy:
                'Raise the quota for the time of the restart, or lower maxSurge; else the rollout waits for pods to go.',
            }),
          ]
        : [passed({ ...says, title: 'The quotas hold the extra pods' })];
    },
  });
}

/** Which pods a scope means is not decided here; the trial pod counts against it all the same. */
function isScoped(spec: V1ResourceQuotaSpec | undefined): boolean {
  return Boolean(spec?.scopes?.length || spec?.scopeSelector);
}

function shortages(
  { metadata, status }: Quota,
  surge: number,
  requests: PodRequests,
): string[] {
  const { hard = {}, used = {} } = status ?? {};
  return Object.entries(hard).flatMap(([name, limit]) => {
    const perPod = needOf(name, requests);
    const left =
      (parseQuantity(limit) ?? Infinity) -
      (parseQuantity(used[name] ?? '0') ?? 0);
    return perPod !== undefined && left < surge * perPod
      ? [`${metadata.name}: ${name} ${used[name] ?? 0} of ${limit} are used`]
      : [];
  });
}

function needOf(name: string, requests: PodRequests): number | undefined {
  switch (name) {
    case 'pods':
    case 'count/pods':
      return 1;
    case 'cpu':
    case 'memory':
      return requests[`requests.${name}`];
    default:
      return requests[name as keyof PodRequests];
  }
}
