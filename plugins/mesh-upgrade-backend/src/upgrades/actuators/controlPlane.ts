import type { KubernetesClient } from '../../clusters/types';
import { versionOfImage } from '../../inventory/rules/image';
import { firstProblem, livePodsOf } from '../../kubernetes/pods';
import { rolloutOf } from '../../kubernetes/rollout';
import { DEPLOYMENTS, type Deployment, type Pod } from '../../kubernetes/types';
import type { WantedRollout } from './wantedRollout';

/** Where an istiod Deployment is on its way to a version. */
export interface ControlPlaneRollout {
  complete: boolean;
  progress: { done: number; total: number };
  message: string;
  /** What keeps its pods from being Ready, in Kubernetes' own words. */
  problem?: string;
  failure?: string;
  pods: Pod[];
}

/** Judges istiod by its Deployment and pods; an operator's own "Healthy" proves nothing. */
export async function observeControlPlane(
  client: KubernetesClient,
  { namespace, name, version, signal }: WantedRollout,
): Promise<ControlPlaneRollout> {
  const deployment = await client.get<Deployment>(
    { ...DEPLOYMENTS, namespace, name },
    { signal },
  );
  const rollout = rolloutOf(deployment);
  const actual = istiodVersion(deployment);
  const pods = await livePodsOf(client, deployment, { signal });
  const { done, total } = rollout.progress;
  if (actual !== version) {
    return {
      ...rollout,
      complete: false,
      failure: undefined,
      progress: { done: 0, total },
      message: `Deployment ${namespace}/${name} still has version ${
        actual ?? 'unknown'
      }`,
      pods,
    };
  }
  const problem = firstProblem(pods);
  return {
    ...rollout,
    message: rollout.complete
      ? `Deployment ${namespace}/${name} runs ${version} on ${total} of ${total} pods`
      : `${done} of ${total} pods run ${version} and are available${
          problem ? `; ${problem}` : ''
        }`,
    problem: rollout.complete ? undefined : problem,
    failure:
      rollout.failure && [rollout.failure, problem].filter(Boolean).join('; '),
    pods,
  };
}

/** The version of istiod's image. */
export function istiodVersion(deployment: Deployment): string | undefined {
  const containers = deployment.spec.template.spec?.containers ?? [];
  const istiod =
    containers.find(({ name }) => name === 'discovery') ?? containers[0];
  return versionOfImage(istiod?.image);
}
