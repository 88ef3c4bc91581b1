import type { KubernetesClient } from '../../clusters/types';
import { observeControlPlane } from './controlPlane';
import type { StepObservation } from '../types';

/** Whether istiod runs a version on all its pods. */
export async function proveControlPlane(
  client: KubernetesClient,
  options: {
    namespace: string;
    name: string;
    version: string;
    signal: AbortSignal;
  },
): Promise<StepObservation> {
  const rollout = await observeControlPlane(client, options);
  const { complete, failure, message, problem, progress } = rollout;
  if (failure) {
    return { state: 'failed', message: failure, progress };
  }
  return { state: complete ? 'done' : 'moving', message, problem, progress };
}
