import {
  compareIstioVersions,
  parseIstioVersion,
  type IstioVersion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

const MOST_MINORS_BEHIND = 1;

/** A restart raises versions by what Istio supports between proxy and control plane, and never lowers them. */
export function versionSkew(): SidecarCheck {
  return restartCheck({
    id: 'version-skew',
    title: 'Distance of the versions',
    worst: 'blocker',
    decide({ workload }): Finding[] {
      const wanted = parseIstioVersion(workload.desiredVersion ?? '');
      const running = workload.versions.flatMap(
        ({ version }) => parseIstioVersion(version) ?? [],
      );
      if (!wanted || running.length === 0) {
        return [];
      }
      const says = {
        object: workloadName(workload),
        observed: `Running: ${running
          .map(({ raw }) => raw)
          .join(', ')}; a new pod gets ${wanted.raw}`,
        expected:
          'Proxies of the same family, not newer than the control plane and at most one minor behind it',
      };
      const foreign = running.find(({ family }) => family !== wanted.family);
      if (foreign) {
        return [
          blocker({
            ...says,
            title: `${foreign.raw} and ${wanted.raw} are of different families`,
            remedy:
              'Let a control plane of the family of the running proxies inject this workload, then Recheck.',
          }),
        ];
      }
      const newer = running.find(
        each => compareIstioVersions(each, wanted) > 0,
      );
      if (newer) {
        return [
          blocker({
            ...says,
            title: `The running proxy ${newer.raw} is newer than ${wanted.raw}: a restart would lower it`,
            remedy: `Upgrade the control plane to ${newer.raw} or newer, then Recheck.`,
          }),
        ];
      }
      const behind = running.filter(
        each => minorsBetween(each, wanted) > MOST_MINORS_BEHIND,
      );
      return behind.length > 0
        ? [
            warning({
              ...says,
              title: `${behind[0].raw} is ${minorsBetween(
                behind[0],
                wanted,
              )} minors behind its control plane`,
              remedy:
                'Restart it soon, and read the upgrade notes of the minors in between: the combination is not supported as it is.',
            }),
          ]
        : [passed({ ...says, title: 'The versions are close enough' })];
    },
  });
}

function minorsBetween(from: IstioVersion, to: IstioVersion): number {
  return from.major === to.major ? to.minor - from.minor : Infinity;
}
