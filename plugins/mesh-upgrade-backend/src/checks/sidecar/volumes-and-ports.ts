import type { V1PersistentVolumeClaimSpec } from '@kubernetes/client-node';
import {
  consent,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import type { SidecarCheck } from '../types';
import { templateOf } from './freshWorkload';
import { VOLUME_CLAIMS } from '../resources';
import { restartCheck } from './restartCheck';
import { rolloutShape } from './rolloutShape';
import { workloadName } from './workloadName';

type VolumeClaim = KubernetesObject & {
  spec?: V1PersistentVolumeClaimSpec;
};

const SHAREABLE = new Set(['ReadWriteMany', 'ReadOnlyMany']);

/** A volume or host port that only one pod can have keeps a new pod from starting beside the old one. */
export function volumesAndPorts(): SidecarCheck {
  return restartCheck({
    id: 'volumes-and-ports',
    title: 'Volumes and host ports',
    worst: 'consent',
    async decide({ workload, object, list }) {
      const { volumes = [], containers = [] } = templateOf(object).spec ?? {};
      const claimed = volumes.flatMap(
        ({ persistentVolumeClaim: claim }) => claim?.claimName ?? [],
      );
      const claims =
        claimed.length > 0
          ? (await list<VolumeClaim>(VOLUME_CLAIMS)).filter(
              ({ metadata }) =>
                metadata.namespace === workload.namespace &&
                claimed.includes(metadata.name),
            )
          : [];
      const single = claims.filter(
        ({ spec }) => !spec?.accessModes?.some(mode => SHAREABLE.has(mode)),
      );
      const ports = containers
        .flatMap(container => container.ports ?? [])
        .flatMap(({ hostPort }) => hostPort ?? []);
      const exclusive = [
        ...single.map(
          ({ metadata, spec }) =>
            `volume claim ${metadata.name} (${spec?.accessModes?.join(', ')})`,
        ),
        ...ports.map(port => `host port ${port}`),
      ];
      const { surge } = rolloutShape(workload.kind, object);
      const says = {
        object: workloadName(workload),
        observed: exclusive.join(', ') || 'Nothing that only one pod can have',
        expected: 'Pods of both generations run side by side',
      };
      return exclusive.length > 0 && surge > 0
        ? [
            consent({
              ...says,
              title: 'A new pod may not start beside the old one',
              objects: single.map(({ metadata: { namespace, name } }) => ({
                kind: 'PersistentVolumeClaim',
                namespace,
                name,
              })),
              remedy:
                'Agree if new pods find a node where it works (the same one for a volume, another one for a port), or set the strategy to Recreate, which has a gap.',
            }),
          ]
        : [
            passed({
              ...says,
              title: 'New pods can start beside the old ones',
            }),
          ];
    },
  });
}
