import { info, passed } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { rolloutShape } from './rolloutShape';
import { workloadName } from './workloadName';

const DEFAULT_SECONDS = 600;

/** Kubernetes calls a rollout failed when none of its pods made progress for this long. */
export function progressDeadline(): SidecarCheck {
  return restartCheck({
    id: 'progress-deadline',
    title: 'Progress deadline',
    worst: 'info',
    decide({ workload, object }) {
      const seconds = object.spec?.progressDeadlineSeconds ?? DEFAULT_SECONDS;
      const minReady = object.spec?.minReadySeconds ?? 0;
      const { replicas } = rolloutShape(workload.kind, object);
      const says = {
        object: workloadName(workload),
        observed: `progressDeadlineSeconds ${seconds}, minReadySeconds ${minReady}`,
        expected: 'Enough time for a pod to become available',
      };
      return replicas > 0 && seconds < Math.max(60, 2 * minReady)
        ? [
            info({
              ...says,
              title: `Kubernetes gives up when no pod becomes available within ${seconds} s`,
              remedy:
                'Raise progressDeadlineSeconds when pods with a sidecar take longer to start.',
            }),
          ]
        : [passed({ ...says, title: 'The rollout has time to progress' })];
    },
  });
}
