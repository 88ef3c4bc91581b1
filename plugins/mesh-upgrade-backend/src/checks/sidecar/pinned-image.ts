import {
  blocker,
  consent,
  passed,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { versionOfImage } from '../../inventory/rules/image';
import type { SidecarCheck } from '../types';
import { templateOf } from './freshWorkload';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

const PROXY_IMAGE = 'sidecar.istio.io/proxyImage';
const TEMPLATES = 'inject.istio.io/templates';
/** Templates that every installation has. */
const OWN_TEMPLATES = new Set(['sidecar', 'gateway']);

/** What in the template keeps a new pod from the image of the control plane. */
export function pinnedImage(): SidecarCheck {
  return restartCheck({
    id: 'pinned-image',
    title: 'No pinned proxy image',
    worst: 'blocker',
    decide({ workload, object }): Finding[] {
      const { annotations = {} } = templateOf(object).metadata ?? {};
      const wanted = workload.desiredVersion;
      const says = {
        object: workloadName(workload),
        expected: `The image of the control plane${
          wanted ? `, version ${wanted}` : ''
        }`,
      };
      const pin = annotations[PROXY_IMAGE];
      if (pin !== undefined && versionOfImage(pin) !== wanted) {
        return [
          blocker({
            ...says,
            title: 'An annotation pins the proxy image: a restart keeps it',
            observed: `${PROXY_IMAGE}=${pin}`,
            remedy: `Remove the annotation ${PROXY_IMAGE} from the pod template, then Recheck.`,
          }),
        ];
      }
      const custom = (annotations[TEMPLATES] ?? '')
        .split(',')
        .map(name => name.trim())
        .filter(name => name !== '' && !OWN_TEMPLATES.has(name));
      return custom.length > 0
        ? [
            consent({
              ...says,
              title: 'A custom injection template decides about the proxy',
              observed: `${TEMPLATES}=${annotations[TEMPLATES]}`,
              remedy:
                'Look at what the trial pod gets, and agree when the template fits the new version.',
            }),
          ]
        : [
            passed({
              ...says,
              title: 'Nothing pins the proxy image',
              observed:
                pin === undefined
                  ? `No annotation ${PROXY_IMAGE}`
                  : `${PROXY_IMAGE}=${pin}, the version that is wanted`,
            }),
          ];
    },
  });
}
