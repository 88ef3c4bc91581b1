import {
  firstProblem,
  isReady,
  livePodsOf,
  proxyOf,
} from '../../kubernetes/pods';
import { rolloutOf } from '../../kubernetes/rollout';
import { DEPLOYMENTS, type Deployment, type Pod } from '../../kubernetes/types';
import { RUN_ANNOTATION } from '../jobs/commandJob';
import type { Step, StepObservation } from '../types';
import type { Change } from './ChangeActuator';

export const RESTART_DEPLOYMENT_ACTION = 'restart-deployment';

export interface RestartParameters extends Record<string, unknown> {
  namespace: string;
  name: string;
  /** Proxy version that every pod must run in the end. */
  version: string;
  fieldManager: string;
}

/** kubectl's own key: rules that make GitOps tools ignore a restart know it. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** Restarts a Deployment and proves the sidecar of every pod. */
export const restartDeployment: Change = {
  action: RESTART_DEPLOYMENT_ACTION,
  mode: 'restart',
  async observe(client, step, { signal }) {
    const { namespace, name, version } = parametersOf(step);
    const deployment = await client.get<Deployment>(
      { ...DEPLOYMENTS, namespace, name },
      { signal },
    );
    if (deployment.spec.paused) {
      return {
        state: 'failed',
        message: 'The Deployment is paused: resume it, then upgrade again',
      };
    }
    const restartedAt = String(step.intent!.restartedAt);
    const { annotations } = deployment.spec.template.metadata ?? {};
    if (annotations?.[RESTARTED_AT] !== restartedAt) {
      return {
        state: 'wanting',
        message: 'The restart is still to be asked for',
      };
    }
    const rollout = rolloutOf(deployment);
    const pods = await livePodsOf(client, deployment, { signal });
    // A pod carries its template's annotations: that tells old from new
    // without comparing the clocks of two machines.
    const restarted = pods.filter(
      pod => pod.metadata.annotations?.[RESTARTED_AT] === restartedAt,
    );
    const failure = sidecarFailure(restarted, version);
    if (failure) {
      return failure;
    }
    const proven = restarted.filter(
      pod => isReady(pod) && proxyOf(pod)?.running,
    );
    const progress = {
      done: Math.min(proven.length, rollout.progress.total),
      total: rollout.progress.total,
    };
    const problem = firstProblem(restarted);
    if (rollout.failure) {
      const message = [rollout.failure, problem].filter(Boolean).join('; ');
      return { state: 'failed', message, progress };
    }
    if (rollout.complete && proven.length === pods.length) {
      return {
        state: 'done',
        message:
          pods.length === 0
            ? 'No pod to prove: the Deployment has no replicas'
            : `All ${pods.length} pods are Ready with proxy ${version}`,
        progress,
      };
    }
    const where = `${progress.done} of ${progress.total} pods are Ready with proxy ${version}`;
    return {
      state: 'moving',
      message: problem ? `${where}; ${problem}` : where,
      problem,
      progress,
    };
  },

  intend(_step, _run, now) {
    return { restartedAt: now.toISOString().replace(/\.\d+Z$/, 'Z') };
  },

  async act(client, step, { run, signal }) {
    const { namespace, name, fieldManager } = parametersOf(step);
    const annotations = { [RESTARTED_AT]: step.intent!.restartedAt };
    await client.patch(
      { ...DEPLOYMENTS, namespace, name },
      'strategic',
      {
        metadata: { annotations: { [RUN_ANNOTATION]: run.id } },
        spec: { template: { metadata: { annotations } } },
      },
      { fieldManager, signal },
    );
  },
};

/** What no further waiting cures. */
function sidecarFailure(
  pods: Pod[],
  version: string,
): StepObservation | undefined {
  for (const pod of pods) {
    const proxy = proxyOf(pod);
    const { name } = pod.metadata;
    if (!proxy) {
      return {
        state: 'failed',
        fatal: true,
        message: `New pod ${name} has no sidecar: injection is broken. Check that istiod answers and that its webhook selects the namespace, before anything else restarts`,
      };
    }
    if (proxy.version !== version) {
      return {
        state: 'failed',
        message: `New pod ${name} runs ${proxy.image}, expected version ${version}: look at the injector's configuration and plan again`,
      };
    }
    if (proxy.crash) {
      return {
        state: 'failed',
        message: `The sidecar of new pod ${name} crashes: ${proxy.crash}`,
      };
    }
  }
  return undefined;
}

function parametersOf(step: Step): RestartParameters {
  return step.parameters as RestartParameters;
}
