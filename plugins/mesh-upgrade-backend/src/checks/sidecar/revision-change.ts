import {
  consent,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { trialPod } from './trialPod';
import { workloadName } from './workloadName';

const REVISION = 'istio.io/rev';

/** A restart that moves a workload to another control plane is more than a new version. */
export function revisionChange(): SidecarCheck {
  return restartCheck({
    id: 'revision-change',
    title: 'Same control plane',
    worst: 'consent',
    async decide(context) {
      const { workload } = context;
      const { pod } = await trialPod(context);
      const next = pod?.metadata.annotations?.[REVISION];
      if (next === undefined) {
        // Without a pod, or one without a sidecar, the trial itself says so.
        return [];
      }
      const now = [
        ...new Set(workload.podList.flatMap(({ revision }) => revision ?? [])),
      ].sort();
      const says = {
        object: workloadName(workload),
        observed: `Running pods: ${
          now.map(name => `revision ${name}`).join(', ') || 'no revision'
        }; a new pod: revision ${next}`,
        expected: 'The revision that serves the running pods',
      };
      return now.some(name => name !== next)
        ? [
            consent({
              ...says,
              title: `New pods are served by revision ${next}`,
              remedy:
                'Agree to the move, or point the labels or the tag to the former revision first.',
            }),
          ]
        : [passed({ ...says, title: `Revision ${next} stays` })];
    },
  });
}
