import {
  blocker,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

/** A paused workload takes the restart and does nothing until somebody resumes it. */
export function pausedRollout(): SidecarCheck {
  return restartCheck({
    id: 'paused-rollout',
    title: 'Not paused',
    worst: 'blocker',
    decide({ workload, object: { spec } }) {
      const paused = spec?.paused === true || spec?.updateStrategy?.paused;
      const says = {
        object: workloadName(workload),
        observed: paused ? 'spec.paused is true' : 'It is not paused',
        expected: 'A workload that rolls when its template changes',
      };
      return paused
        ? [
            blocker({
              ...says,
              title: 'It is paused, so a restart would not start',
              remedy: `Resume it (kubectl rollout resume deployment/${workload.name} -n ${workload.namespace}) when whoever paused it agrees, then Recheck.`,
            }),
          ]
        : [passed({ ...says, title: 'It is not paused' })];
    },
  });
}
