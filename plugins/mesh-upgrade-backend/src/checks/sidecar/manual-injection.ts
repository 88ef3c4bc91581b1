import {
  blocker,
  passed,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { isFilledInByIstiod } from '../../inventory/rules/image';
import type { SidecarCheck } from '../types';
import { templateOf } from './freshWorkload';
import { proxyContainer } from './proxyContainer';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

/** A template that holds the proxy itself keeps its version over every restart. */
export function manualInjection(): SidecarCheck {
  return restartCheck({
    id: 'manual-injection',
    title: 'Injected by the control plane',
    worst: 'blocker',
    decide({ workload, object }) {
      const own = proxyContainer(templateOf(object).spec)?.container;
      const image = own && (own.image ?? '');
      const manual = image !== undefined && !isFilledInByIstiod(image);
      const says = {
        object: workloadName(workload),
        observed:
          image === undefined
            ? 'The pod template holds no proxy'
            : `The pod template holds a proxy with image ${image || 'not set'}`,
        expected: 'A proxy that the control plane adds',
      };
      return manual
        ? [
            blocker({
              ...says,
              title: 'The pod template fixes the proxy: a restart keeps it',
              remedy:
                'Remove the proxy from the template and let the control plane inject it, or run istioctl kube-inject again; then Recheck.',
            }),
          ]
        : [passed({ ...says, title: 'The control plane adds the proxy' })];
    },
  });
}
