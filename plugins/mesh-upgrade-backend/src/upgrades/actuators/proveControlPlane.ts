import type { KubernetesClient } from '../../clusters/types';
import { observeControlPlane } from './controlPlane';
import type { StepObservation } from '../types';
import type { WantedRollout } from './wantedRollout';

/** Whether istiod runs a version on all its pods. */
export async function proveControlPlane(
  client: KubernetesClient,
  wanted: WantedRollout,
): Promise<StepObservation> {
  const rollout = await observeControlPlane(client, wanted);
  const { complete, failure, message, problem, progress } = rollout;
  if (failure) {
    return { state: 'failed', message: failure, progress };
  }
  return { state: complete ? 'done' : 'moving', message, problem, progress };
}
