import {
  passed,
  undecided,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { workloadName } from './workloadName';

/** Whether it is known which version a restarted pod gets. */
export function desiredVersion(): SidecarCheck {
  return {
    id: 'desired-version',
    title: 'Version after the restart',
    worst: 'blocker',
    async run({ workload }) {
      const says = {
        object: workloadName(workload),
        expected: 'A version that the control plane injects',
      };
      return [
        workload.desiredVersion
          ? passed({
              ...says,
              title: `New pods get ${workload.desiredVersion}`,
              observed: workload.desiredVersion,
            })
          : undecided({
              ...says,
              title: 'Which version new pods would get is not known',
              observed: workload.statusReason,
              remedy:
                'Make sure that the control plane which injects this workload runs and that its configuration can be read, then Recheck.',
            }),
      ];
    },
  };
}
