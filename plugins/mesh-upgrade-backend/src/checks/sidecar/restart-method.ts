import {
  blocker,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { workloadName } from './workloadName';

/** Whether a restart upgrades the sidecars of this workload at all. */
export function restartMethod(): SidecarCheck {
  return {
    id: 'restart-method',
    title: 'Restart',
    worst: 'blocker',
    async run({ workload }) {
      const says = {
        object: workloadName(workload),
        expected: 'A workload whose restart upgrades its sidecars',
      };
      if (workload.method.kind === 'restart') {
        return [
          passed({
            ...says,
            title: 'A restart upgrades the sidecars',
            observed: workload.statusReason,
          }),
        ];
      }
      const reasons = workload.method.blockers.length
        ? workload.method.blockers
        : ['No way to upgrade the sidecars is known.'];
      return reasons.map(observed =>
        blocker({
          ...says,
          title: 'A restart cannot upgrade the sidecars',
          observed,
          remedy: 'Remove the reason, then Recheck; or leave the workload out.',
        }),
      );
    },
  };
}
