import {
  passed,
  warning,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { matchesSelector } from '../../kubernetes/labelSelector';
import type { SidecarCheck } from '../types';
import { templateOf } from './freshWorkload';
import { fittingNodes, type Node } from './fittingNodes';
import { NODES } from '../resources';
import { restartCheck } from './restartCheck';
import { rolloutShape } from './rolloutShape';
import { workloadName } from './workloadName';

const HOSTNAME = 'kubernetes.io/hostname';

/**
 * Whether there is a node for the pods that a rollout adds. What the other
 * pods leave free of a node is not counted: that needs a list of all pods.
 */
export function surgeCapacity(): SidecarCheck {
  return restartCheck({
    id: 'surge-capacity',
    title: 'Nodes for the extra pods',
    worst: 'warning',
    async decide({ workload, object, list }) {
      const template = templateOf(object);
      const { replicas, surge, unavailable } = rolloutShape(
        workload.kind,
        object,
      );
      const all = await list<Node>(NODES);
      const nodes = fittingNodes(all, template.spec);
      const onePerNode = (
        template.spec?.affinity?.podAntiAffinity
          ?.requiredDuringSchedulingIgnoredDuringExecution ?? []
      ).some(
        ({ topologyKey, labelSelector }) =>
          topologyKey === HOSTNAME &&
          labelSelector !== undefined &&
          matchesSelector(labelSelector, template.metadata?.labels ?? {}),
      );
      const says = {
        object: workloadName(workload),
        observed: `${nodes.length} of ${all.length} nodes take its pods${
          onePerNode ? ', one each' : ''
        }; ${replicas} replicas, ${surge} more while it rolls`,
        expected: 'A node for every pod that is added',
      };
      const stuck =
        onePerNode && unavailable === 0 && nodes.length < replicas + 1;
      if (replicas > 0 && (nodes.length === 0 || stuck)) {
        return [
          warning({
            ...says,
            title: stuck
              ? 'No node is left for a pod beside the running ones'
              : 'No node takes its pods',
            remedy: stuck
              ? 'Add a node, or set maxSurge to 0 and maxUnavailable to 1.'
              : 'Uncordon or add nodes that its selectors, affinity and tolerations allow.',
          }),
        ];
      }
      return [
        passed({
          ...says,
          title: 'There are nodes for its pods, as far as the nodes tell',
        }),
      ];
    },
  });
}
