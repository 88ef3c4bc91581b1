import type {
  V2HorizontalPodAutoscalerSpec,
  V2HorizontalPodAutoscalerStatus,
} from '@kubernetes/client-node';
import {
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import type { SidecarCheck } from '../types';
import { POD_AUTOSCALERS, VERTICAL_AUTOSCALERS } from '../resources';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

type PodAutoscaler = KubernetesObject & {
  spec?: V2HorizontalPodAutoscalerSpec;
  status?: Partial<V2HorizontalPodAutoscalerStatus>;
};

type VerticalAutoscaler = KubernetesObject & {
  spec?: {
    targetRef?: { kind?: string; name?: string };
    updatePolicy?: { updateMode?: string };
  };
};

/** Autoscalers act while the restart does: one at its maximum has no room, one that evicts restarts pods too. */
export function autoscaler(): SidecarCheck {
  return restartCheck({
    id: 'autoscaler',
    title: 'Autoscalers',
    worst: 'warning',
    async decide({ workload, list }): Promise<Finding[]> {
      const { namespace, kind, name } = workload;
      const isOurs = (
        { metadata }: KubernetesObject,
        target: { kind?: string; name?: string } | undefined,
      ) =>
        metadata.namespace === namespace &&
        target?.kind === kind &&
        target.name === name;
      const [horizontal, vertical] = await Promise.all([
        list<PodAutoscaler>(POD_AUTOSCALERS),
        list<VerticalAutoscaler>(VERTICAL_AUTOSCALERS),
      ]);
      const full = horizontal.filter(
        each =>
          isOurs(each, each.spec?.scaleTargetRef) &&
          (each.status?.currentReplicas ?? 0) >=
            (each.spec?.maxReplicas ?? Infinity),
      );
      const evicting = vertical.filter(
        each =>
          isOurs(each, each.spec?.targetRef) &&
          !['Off', 'Initial'].includes(
            each.spec?.updatePolicy?.updateMode ?? 'Auto',
          ),
      );
      const object = workloadName(workload);
      const expected = 'Autoscalers that leave the restart room';
      const findings = [
        ...full.map(({ metadata, spec }) =>
          warning({
            title: 'Its autoscaler is at its maximum',
            object,
            observed: `HorizontalPodAutoscaler ${metadata.name} has ${spec?.maxReplicas} of ${spec?.maxReplicas} replicas`,
            expected,
            objects: [
              {
                kind: 'HorizontalPodAutoscaler',
                namespace,
                name: metadata.name,
              },
            ],
            remedy:
              'Raise maxReplicas, or restart when the load is lower: missing pods are not made up for.',
          }),
        ),
        ...evicting.map(({ metadata, spec }) =>
          warning({
            title: 'Its vertical autoscaler evicts pods by itself',
            object,
            observed: `VerticalPodAutoscaler ${metadata.name} has the mode ${
              spec?.updatePolicy?.updateMode ?? 'Auto'
            }`,
            expected,
            objects: [
              { kind: 'VerticalPodAutoscaler', namespace, name: metadata.name },
            ],
            remedy:
              'Set its mode to Initial for the time of the restart, or expect pods with other requests and more restarts.',
          }),
        ),
      ];
      return findings.length > 0
        ? findings
        : [
            passed({
              title: 'No autoscaler stands in the way',
              object,
              observed:
                'None at its maximum, and none that evicts pods by itself',
              expected,
            }),
          ];
    },
  });
}
