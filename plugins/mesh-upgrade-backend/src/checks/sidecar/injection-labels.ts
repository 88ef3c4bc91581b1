import {
  blocker,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { injectionNow } from './injectionNow';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

/** Whether the labels, as they are now, still ask for a sidecar: else a restart takes it away. */
export function injectionLabels(): SidecarCheck {
  return restartCheck({
    id: 'injection-labels',
    title: 'Labels ask for a sidecar',
    worst: 'blocker',
    async decide(context) {
      const { verdict } = await injectionNow(context);
      const says = {
        object: workloadName(context.workload),
        observed: verdict.reason,
        expected: 'Labels and webhooks that inject a sidecar',
      };
      return verdict.outcome === 'inject'
        ? [passed({ ...says, title: 'New pods are to get a sidecar' })]
        : [
            blocker({
              ...says,
              title: 'A restart would remove the sidecar',
              remedy:
                verdict.outcome === 'excluded'
                  ? 'Remove what excludes the pods if they shall have a sidecar, then Recheck; else leave the workload out.'
                  : 'Label the namespace or the pod template for the revision that is to inject, then Recheck.',
            }),
          ];
    },
  });
}
