import { info, passed } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

/** A workload without pods has nothing to restart; its next pods get the new sidecar anyway. */
export function zeroReplicas(): SidecarCheck {
  return restartCheck({
    id: 'zero-replicas',
    title: 'Pods to restart',
    worst: 'info',
    decide({ workload, object: { spec } }) {
      const replicas = spec?.replicas ?? 1;
      const says = {
        object: workloadName(workload),
        observed: `${replicas} replicas`,
        expected: 'At least one',
      };
      return replicas === 0
        ? [
            info({
              ...says,
              title: 'It is scaled to zero: there is nothing to restart',
              remedy: 'None needed: its next pods get the new sidecar.',
            }),
          ]
        : [passed({ ...says, title: 'It has pods to restart' })];
    },
  });
}
