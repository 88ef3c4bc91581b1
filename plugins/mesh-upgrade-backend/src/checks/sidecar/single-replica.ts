import {
  consent,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { rolloutShape } from './rolloutShape';
import { workloadName } from './workloadName';

/** A single pod that has to go before its successor comes is a gap in service. */
export function singleReplica(): SidecarCheck {
  return restartCheck({
    id: 'single-replica',
    title: 'More than one pod at a time',
    worst: 'consent',
    decide({ workload, object }) {
      const { replicas, surge, recreate } = rolloutShape(workload.kind, object);
      // Recreate is told by its own check, whatever the number.
      const alone = replicas === 1 && surge === 0 && !recreate;
      const says = {
        object: workloadName(workload),
        observed: `${replicas} replicas, ${surge} more while it rolls`,
        expected: 'A pod that serves while another one is replaced',
      };
      return alone
        ? [
            consent({
              ...says,
              title: 'Its only pod goes before the new one comes',
              remedy:
                'Agree to the gap, or scale it to two replicas or set maxSurge to 1 first.',
            }),
          ]
        : [passed({ ...says, title: 'Another pod serves meanwhile' })];
    },
  });
}
