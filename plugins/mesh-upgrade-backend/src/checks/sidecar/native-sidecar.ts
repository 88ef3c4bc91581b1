import { info, passed } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { proxyContainer } from './proxyContainer';
import { restartCheck } from './restartCheck';
import { trialPod } from './trialPod';
import { workloadName } from './workloadName';

const FORMS = {
  native: 'a native sidecar (an init container that stays)',
  container: 'a container of its own',
};

/** Whoever reads containers[] of a pod loses sight of the proxy when it becomes a native sidecar. */
export function nativeSidecar(): SidecarCheck {
  return restartCheck({
    id: 'native-sidecar',
    title: 'Form of the sidecar',
    worst: 'info',
    async decide(context) {
      const { workload } = context;
      const { pod } = await trialPod(context);
      const proxy = proxyContainer(pod?.spec);
      if (!proxy) {
        return [];
      }
      const next = proxy.native ? 'native' : 'container';
      const now = new Set(
        workload.podList.flatMap(({ sidecar }) =>
          sidecar === 'native' || sidecar === 'container' ? [sidecar] : [],
        ),
      );
      const says = {
        object: workloadName(workload),
        observed: `A new pod has ${FORMS[next]}`,
        expected: 'The form that the running pods have',
      };
      return [...now].some(form => form !== next)
        ? [
            info({
              ...says,
              title: `The sidecar becomes ${FORMS[next]}`,
              remedy:
                'Tell whoever reads containers of the pods: dashboards, scripts, policies.',
            }),
          ]
        : [passed({ ...says, title: 'The sidecar keeps its form' })];
    },
  });
}
