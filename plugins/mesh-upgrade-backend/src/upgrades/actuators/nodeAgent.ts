import type { KubernetesClient } from '../../clusters/types';
import { versionOfImage } from '../../inventory/rules/image';
import { daemonSetRolloutOf } from '../../kubernetes/daemonSetRollout';
import { firstProblem, livePodsOfDaemonSet } from '../../kubernetes/pods';
import { DAEMON_SETS, type DaemonSet } from '../../kubernetes/types';
import type { StepObservation } from '../types';
import type { WantedRollout } from './wantedRollout';

/** Whether a node agent, Istio's CNI or ztunnel, runs a version on every node. */
export async function observeNodeAgent(
  client: KubernetesClient,
  { namespace, name, version, signal }: WantedRollout,
): Promise<StepObservation> {
  const daemonSet = await client.get<DaemonSet>(
    { ...DAEMON_SETS, namespace, name },
    { signal },
  );
  const { complete, progress } = daemonSetRolloutOf(daemonSet);
  const actual = nodeAgentVersion(daemonSet);
  if (actual !== version) {
    return {
      state: 'moving',
      progress: { done: 0, total: progress.total },
      message: `DaemonSet ${namespace}/${name} still has version ${
        actual ?? 'unknown'
      }`,
    };
  }
  if (complete) {
    return {
      state: 'done',
      progress,
      message: `DaemonSet ${namespace}/${name} runs ${version} on ${progress.total} of ${progress.total} nodes`,
    };
  }
  const problem = firstProblem(
    await livePodsOfDaemonSet(client, daemonSet, { signal }),
  );
  return {
    state: 'moving',
    progress,
    problem,
    message: `${progress.done} of ${
      progress.total
    } nodes run ${version} and are available${problem ? `; ${problem}` : ''}`,
  };
}

/** The version of a node agent's image. */
export function nodeAgentVersion(daemonSet: DaemonSet): string | undefined {
  const [container] = daemonSet.spec.template.spec?.containers ?? [];
  return versionOfImage(container?.image);
}
