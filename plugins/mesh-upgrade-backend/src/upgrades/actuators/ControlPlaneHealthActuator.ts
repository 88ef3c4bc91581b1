import type { ClusterRegistry, KubernetesClient } from '../../clusters/types';
import { injectedNamespace } from '../kubernetes/injectedNamespace';
import { clientFor } from '../kubernetes/clientFor';
import { isKubernetesError } from '../engine/stepFailure';
import { crashLoopOf, proxyOf } from '../../kubernetes/pods';
import { PODS, type Pod } from '../../kubernetes/types';
import type { Run, Step, StepActuator, StepObservation } from '../types';
import { observeControlPlane } from './controlPlane';
import { probePod } from './probePod';

export const CONTROL_PLANE_HEALTH_ACTION = 'control-plane-health';

export interface ControlPlaneHealthParameters extends Record<string, unknown> {
  namespace: string;
  deployment: string;
  revision: string;
  version: string;
}

/** Proves that istiod stands at its version and injects that version; changes nothing. */
export class ControlPlaneHealthActuator implements StepActuator {
  readonly action = CONTROL_PLANE_HEALTH_ACTION;
  readonly #clusters: ClusterRegistry;

  static create(options: {
    clusters: ClusterRegistry;
  }): ControlPlaneHealthActuator {
    return new ControlPlaneHealthActuator(options.clusters);
  }

  private constructor(clusters: ClusterRegistry) {
    this.#clusters = clusters;
  }

  async observe(
    step: Step,
    _run: Run,
    { signal }: { signal: AbortSignal },
  ): Promise<StepObservation> {
    const { namespace, deployment, revision, version } =
      step.parameters as ControlPlaneHealthParameters;
    const client = clientFor(this.#clusters, step.cluster);
    const { complete, pods, message, failure } = await observeControlPlane(
      client,
      { namespace, name: deployment, version, signal },
    );
    if (failure) {
      return { state: 'failed', message: failure };
    }
    const crash = pods.map(crashLoopOf).find(Boolean);
    if (crash) {
      return {
        state: 'failed',
        message: `istiod crashes: ${crash}. Read its log with kubectl logs -n ${namespace} deployment/${deployment} --previous`,
      };
    }
    if (!complete) {
      return { state: 'moving', message };
    }
    return observeInjection(client, { revision, version, signal });
  }

  intend(): Record<string, unknown> {
    return {};
  }

  async act(): Promise<void> {
    // Nothing is ever wanting: this step only looks.
  }
}

async function observeInjection(
  client: KubernetesClient,
  options: { revision: string; version: string; signal: AbortSignal },
): Promise<StepObservation> {
  const { version, revision, signal } = options;
  const selected = await injectedNamespace(client, revision, signal);
  const namespace = selected ?? 'default';
  let pod: Pod;
  try {
    pod = await client.create<Pod>(
      { ...PODS, namespace },
      probePod({ namespace, revision, labelled: selected === undefined }),
      { dryRun: true, fieldManager: 'mesh-upgrade', signal },
    );
  } catch (error) {
    if (isKubernetesError(error) && error.status === 403) {
      return {
        state: 'failed',
        message: `Whether injection works is not proven: ${error.message}. Allow this plugin to create pods (it only asks with dryRun) in namespace ${namespace}, or look at its admission policies`,
      };
    }
    throw error;
  }
  const proxy = proxyOf(pod);
  if (proxy?.version === version) {
    return {
      state: 'done',
      message: `istiod stands at ${version}; its webhook gives a new pod in namespace ${namespace} the proxy ${proxy.image}`,
    };
  }
  return {
    state: 'moving',
    message: proxy
      ? `The webhook still gives a new pod ${proxy.image}, expected version ${version}; if it stays so, look at the tag in ConfigMap istio-sidecar-injector`
      : `The webhook gives a new pod in namespace ${namespace} no sidecar; if it stays so, look at the MutatingWebhookConfigurations and at istiod's log`,
  };
}
