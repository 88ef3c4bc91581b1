import {
  blocker,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { workloadObject } from './freshWorkload';
import { restartCheck } from './restartCheck';

/** Whether this backend may do what the restart needs, as the API server says. */
export function restartPermission(): SidecarCheck {
  return restartCheck({
    id: 'restart-permission',
    title: 'Right to restart',
    worst: 'blocker',
    async decide({ workload, client, once }) {
      const { cluster, namespace } = workload;
      const { group, resource } = workloadObject(workload)!;
      const may = (where: string | undefined) =>
        once(`may patch ${cluster} ${where ?? ''} ${resource}`, signal =>
          client.accessReview(
            { verb: 'patch', group, resource, namespace: where },
            { signal },
          ),
        );
      // Who may do it everywhere is not asked for every namespace.
      const everywhere = await may(undefined);
      const { allowed, reason } = everywhere.allowed
        ? everywhere
        : await may(namespace);
      const says = {
        object: `Namespace ${namespace}`,
        observed: `${allowed ? 'May' : 'May not'} patch ${resource}${
          reason ? `: ${reason}` : ''
        }`,
        expected: `May patch ${resource}`,
      };
      return allowed
        ? [passed({ ...says, title: 'It may be restarted from here' })]
        : [
            blocker({
              ...says,
              title: 'This backend may not restart it',
              remedy: `Allow the identity of cluster ${cluster} to patch ${resource} in namespace ${namespace}, then Recheck.`,
            }),
          ];
    },
  });
}
