import {
  passed,
  warning,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

/** A workload that is degraded already has less to lose, and its failures are not the upgrade's. */
export function podsUnhealthy(): SidecarCheck {
  return restartCheck({
    id: 'pods-unhealthy',
    title: 'Pods are well',
    worst: 'warning',
    decide({ workload, object: { spec, status } }) {
      const desired = spec?.replicas ?? 1;
      const available = status?.availableReplicas ?? 0;
      const troubled = workload.podList.filter(
        ({ problem }) => problem !== undefined,
      );
      const says = {
        object: workloadName(workload),
        observed: [
          `${available} of ${desired} pods are available`,
          ...new Set(troubled.map(({ problem }) => problem!)),
        ].join('; '),
        expected: 'All pods available',
      };
      return available < desired || troubled.length > 0
        ? [
            warning({
              ...says,
              title: 'It is degraded already',
              objects: troubled.map(({ name }) => ({
                kind: 'Pod',
                namespace: workload.namespace,
                name,
              })),
              remedy:
                'Find out why its pods are not well first: the restart will hardly heal them, and may take the last good ones.',
            }),
          ]
        : [passed({ ...says, title: 'All of its pods are available' })];
    },
  });
}
