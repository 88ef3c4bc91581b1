import { crashLoopOf } from '../../../kubernetes/pods';
import { observeControlPlane } from '../controlPlane';
import type { Look } from '../LookActuator';
import { controlPlaneOf } from './parameters';

export const CONTROL_PLANE_HEALTH_ACTION = 'control-plane-health';

/** Whether istiod stands at its version, and no pod of it crashes. */
export const istiodHealth: Look = {
  action: CONTROL_PLANE_HEALTH_ACTION,
  async look(client, step, { signal }) {
    const { namespace, deployment, version } = controlPlaneOf(step);
    const { complete, pods, message, problem, progress, failure } =
      await observeControlPlane(client, {
        namespace,
        name: deployment,
        version,
        signal,
      });
    if (failure) {
      return { state: 'failed', message: failure, progress };
    }
    const crash = pods.map(crashLoopOf).find(Boolean);
    if (crash) {
      return {
        state: 'failed',
        message: `istiod crashes: ${crash}. Read its log with kubectl logs -n ${namespace} deployment/${deployment} --previous`,
      };
    }
    return { state: complete ? 'done' : 'moving', message, problem, progress };
  },
};
