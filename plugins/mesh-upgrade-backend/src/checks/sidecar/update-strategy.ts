import {
  consent,
  passed,
  warning,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { rolloutShape } from './rolloutShape';
import { workloadName } from './workloadName';

/** Whether the workload's own strategy keeps it serving while its pods are replaced. */
export function updateStrategy(): SidecarCheck {
  return restartCheck({
    id: 'update-strategy',
    title: 'Update strategy',
    worst: 'consent',
    decide({ workload, object }) {
      const shape = rolloutShape(workload.kind, object);
      const name = workloadName(workload);
      const expected = 'A strategy that replaces pods step by step';
      if (shape.recreate) {
        return [
          consent({
            title: 'All pods go before the first new one comes',
            object: name,
            observed: 'Strategy Recreate',
            expected,
            remedy:
              'Agree to the downtime, or set the strategy to RollingUpdate if the workload bears two generations of pods at once.',
          }),
        ];
      }
      const partition =
        object.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
      return partition > 0
        ? [
            warning({
              title: `Pods below ordinal ${partition} stay as they are`,
              object: name,
              observed: `Partition ${partition} of ${shape.replicas} replicas`,
              expected,
              remedy:
                'Set the partition to 0 when the pods below it shall be upgraded too.',
            }),
          ]
        : [
            passed({
              title: 'Pods are replaced step by step',
              object: name,
              observed: `${shape.surge} more and ${shape.unavailable} fewer pods at a time`,
              expected,
            }),
          ];
    },
  });
}
