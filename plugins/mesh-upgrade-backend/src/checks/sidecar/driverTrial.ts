import type { V1Pod } from '@kubernetes/client-node';
import { toError } from '@backstage/errors';
import type { KubernetesObject } from '../../clusters/types';
import type { SidecarCheckContext } from '../types';
import { TRIAL_CONTAINER, type HotCondition } from './hotConditions';
import { PODS } from '../resources';

const SUBRESOURCE = 'ephemeralcontainers';
const CONDITION = {
  title: 'Trial on a pod',
  expected: 'The API server admits the container that would drive the upgrade',
};

/**
 * Lets the API server add the container that would drive a hot upgrade to a
 * running pod, without keeping it. PodSecurity judges the whole pod anew, and
 * policies have their say. The answer is the pod itself.
 */
export async function tryDriver(
  { workload, client, signal }: SidecarCheckContext,
  image: string,
): Promise<{ condition: HotCondition; pod?: V1Pod }> {
  const sample = workload.podList.find(
    each => each.ready && each.image !== undefined,
  );
  if (!sample) {
    return {
      condition: {
        ...CONDITION,
        holds: undefined,
        observed: 'No ready pod with a sidecar to try it on',
      },
    };
  }
  try {
    const pod = await client.patch<KubernetesObject>(
      {
        ...PODS,
        subresource: SUBRESOURCE,
        namespace: workload.namespace,
        name: sample.name,
      },
      'strategic',
      {
        spec: {
          ephemeralContainers: [
            {
              name: TRIAL_CONTAINER,
              image,
              targetContainerName: 'istio-proxy',
              args: ['hot-upgrade'],
              terminationMessagePolicy: 'FallbackToLogsOnError',
              volumeMounts: [
                { name: 'istio-data', mountPath: '/var/lib/istio/data' },
              ],
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsGroup: 1337,
                runAsNonRoot: true,
                runAsUser: 1337,
              },
            },
          ],
        },
      },
      { dryRun: true, signal },
    );
    return {
      condition: {
        ...CONDITION,
        holds: true,
        observed: `Pod ${sample.name} admits it`,
      },
      pod: pod as V1Pod,
    };
  } catch (error) {
    return {
      condition: {
        ...CONDITION,
        holds: false,
        observed: toError(error).message,
      },
    };
  }
}

/** Whether pods of the namespace may be given such a container, as the API server says. */
export async function driverPermission({
  workload: { cluster, namespace },
  client,
  once,
}: SidecarCheckContext): Promise<HotCondition> {
  const may = (where: string | undefined) =>
    once(`may patch ${cluster} ${where ?? ''} pods/${SUBRESOURCE}`, signal =>
      client.accessReview(
        {
          verb: 'patch',
          group: '',
          resource: 'pods',
          subresource: SUBRESOURCE,
          namespace: where,
        },
        { signal },
      ),
    );
  const everywhere = await may(undefined);
  const { allowed, reason } = everywhere.allowed
    ? everywhere
    : await may(namespace);
  return {
    title: 'Right to add containers',
    expected: `May patch pods/${SUBRESOURCE} in namespace ${namespace}`,
    holds: allowed,
    observed: `${allowed ? 'May' : 'May not'}${reason ? `: ${reason}` : ''}`,
  };
}
