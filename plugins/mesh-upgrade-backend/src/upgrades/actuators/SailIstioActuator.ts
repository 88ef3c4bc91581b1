import type { ClusterRegistry } from '../../clusters/types';
import { assertMode, clientFor } from '../kubernetes/clientFor';
import { ISTIOS, type Istio } from '../../kubernetes/types';
import type { Run, Step, StepActuator, StepObservation } from '../types';
import { observeControlPlane } from './controlPlane';

export const SAIL_ISTIO_ACTION = 'sail-istio';

export interface SailIstioParameters extends Record<string, unknown> {
  /** Name of the `Istio` object. */
  istio: string;
  namespace: string;
  /** istiod's Deployment. */
  deployment: string;
  version: string;
}

/** The operator also reports errors it gets over at once, e.g. write conflicts. */
const ERRORS_UNTIL_FAILED = 3;

/** Sets `spec.version` of an `Istio` object and waits until istiod runs it. */
export class SailIstioActuator implements StepActuator {
  readonly action = SAIL_ISTIO_ACTION;
  readonly #clusters: ClusterRegistry;

  static create(options: { clusters: ClusterRegistry }): SailIstioActuator {
    return new SailIstioActuator(options.clusters);
  }

  private constructor(clusters: ClusterRegistry) {
    this.#clusters = clusters;
  }

  async observe(
    step: Step,
    _run: Run,
    { signal }: { signal: AbortSignal },
  ): Promise<StepObservation> {
    const { istio: name, namespace, deployment, version } = parametersOf(step);
    const client = clientFor(this.#clusters, step.cluster);
    const istio = await client.get<Istio>({ ...ISTIOS, name }, { signal });
    if (istio.spec.version !== `v${version}`) {
      return {
        state: 'wanting',
        message: `Istio ${name} still has version ${istio.spec.version}`,
      };
    }
    if (istio.status?.observedGeneration !== istio.metadata.generation) {
      return {
        state: 'moving',
        message: `Waiting for the Sail operator to see version v${version}`,
      };
    }
    if (istio.status?.state === 'ReconcileError') {
      return reconcileError(step, istio);
    }
    const rollout = await observeControlPlane(client, {
      namespace,
      name: deployment,
      version,
      signal,
    });
    const { progress, message, failure } = rollout;
    if (failure) {
      return { state: 'failed', message: failure, progress };
    }
    if (!rollout.complete) {
      return { state: 'moving', message, progress };
    }
    return istio.status?.state === 'Healthy'
      ? { state: 'done', message, progress }
      : {
          state: 'moving',
          message: `${message}; Istio ${name} is ${
            istio.status?.state ?? 'without a state'
          }`,
          progress,
        };
  }

  intend(step: Step): Record<string, unknown> {
    return { version: `v${parametersOf(step).version}` };
  }

  async act(
    step: Step,
    _run: Run,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    assertMode(this.#clusters, step.cluster, 'full');
    const client = clientFor(this.#clusters, step.cluster);
    await client.patch(
      { ...ISTIOS, name: parametersOf(step).istio },
      'merge',
      { spec: { version: step.intent!.version } },
      { fieldManager: 'mesh-upgrade', signal },
    );
  }
}

function reconcileError(step: Step, istio: Istio): StepObservation {
  const condition = istio.status?.conditions?.find(
    ({ type, status }) => type === 'Reconciled' && status === 'False',
  );
  const message = `The Sail operator refuses: ${
    condition?.message ?? 'ReconcileError without a message'
  }`;
  const errors = Number(step.detail?.errors ?? 0) + 1;
  return errors >= ERRORS_UNTIL_FAILED
    ? { state: 'failed', message }
    : { state: 'moving', message, detail: { errors } };
}

function parametersOf(step: Step): SailIstioParameters {
  return step.parameters as SailIstioParameters;
}
