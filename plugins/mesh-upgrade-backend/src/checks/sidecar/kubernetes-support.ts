import {
  kubernetesRange,
  kubernetesSupport as supportOf,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';

/** The control plane runs already; a cluster out of its range is worth knowing before more depends on it. */
export function kubernetesSupport(): SidecarCheck {
  return restartCheck({
    id: 'kubernetes-support',
    title: 'Kubernetes of the cluster',
    worst: 'warning',
    async decide({ workload, kubernetesVersion }): Promise<Finding[]> {
      const istio = workload.desiredVersion;
      if (istio === undefined) {
        return [];
      }
      const kubernetes = (await kubernetesVersion()).replace(/^v/, '');
      const range = kubernetesRange(istio);
      const support = supportOf(istio, kubernetes);
      const says = {
        object: `cluster ${workload.cluster}`,
        observed: `Kubernetes ${kubernetes}`,
        expected: range
          ? `Kubernetes ${range.min} to ${range.max}`
          : `A Kubernetes that Istio ${istio} is published for`,
      };
      return support === 'tooLow' || support === 'tooHigh'
        ? [
            warning({
              ...says,
              title: `Istio ${istio} does not support Kubernetes ${kubernetes}`,
              remedy:
                support === 'tooLow'
                  ? 'Upgrade the cluster.'
                  : 'Upgrade the control plane to a version that supports it.',
            }),
          ]
        : [
            passed({
              ...says,
              title:
                support === 'ok'
                  ? `Istio ${istio} supports Kubernetes ${kubernetes}`
                  : `Nothing published speaks against Kubernetes ${kubernetes}`,
            }),
          ];
    },
  });
}
