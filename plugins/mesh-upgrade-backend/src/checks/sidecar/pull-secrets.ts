import {
  passed,
  warning,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { parseImage } from '../../inventory/rules/image';
import type { SidecarCheck } from '../types';
import { proxyContainer } from './proxyContainer';
import { restartCheck } from './restartCheck';
import { trialPod } from './trialPod';
import { workloadName } from './workloadName';

/**
 * Whether new pods pull the proxy from where the running ones did. Secrets are
 * never read, so a registry nobody has pulled from yet cannot be vouched for.
 */
export function pullSecrets(): SidecarCheck {
  return restartCheck({
    id: 'pull-secrets',
    title: 'Registry and pull secrets',
    worst: 'warning',
    async decide(context) {
      const { workload } = context;
      const { pod } = await trialPod(context);
      const image = proxyContainer(pod?.spec)?.container.image;
      if (image === undefined) {
        return [];
      }
      const next = registryOf(image);
      const now = new Set(
        workload.podList.flatMap(each =>
          each.image ? [registryOf(each.image)] : [],
        ),
      );
      const secrets = (pod?.spec?.imagePullSecrets ?? []).flatMap(
        ({ name }) => name ?? [],
      );
      const says = {
        object: workloadName(workload),
        observed: `The proxy comes from ${next}, so far from ${
          [...now].sort().join(', ') || 'nowhere'
        }; pull secrets of the pod: ${secrets.join(', ') || 'none'}`,
        expected: 'A registry that the running pods pulled the proxy from',
      };
      return now.size > 0 && !now.has(next)
        ? [
            warning({
              ...says,
              title: `The proxy is pulled from ${next} for the first time`,
              remedy: `Make sure that the nodes reach ${next} and that ${
                secrets.length > 0
                  ? 'the pull secrets hold its credentials'
                  : 'it can be pulled from without credentials'
              }.`,
            }),
          ]
        : [
            passed({
              ...says,
              title: 'The proxy comes from the same registry',
            }),
          ];
    },
  });
}

/** Host of an image reference; Docker Hub where it names none. */
function registryOf(image: string): string {
  const [host] = parseImage(image).hub.split('/');
  return /[.:]|^localhost$/.test(host) ? host : 'docker.io';
}
