import {
  info,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { gitOpsOwner, nameOfOwner } from '../../gitops/gitOpsOwner';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

/** Whoever keeps the workload may take the restart's mark off again, which rolls the pods a second time. */
export function gitOpsDrift(): SidecarCheck {
  return restartCheck({
    id: 'gitops-drift',
    title: 'Nobody undoes the restart',
    worst: 'warning',
    decide({ workload, object: { metadata } }): Finding[] {
      const object = workloadName(workload);
      const expected = 'Nobody who removes the annotation of the restart';
      const controller = metadata.ownerReferences?.find(
        reference => reference.controller,
      );
      if (controller) {
        return [
          warning({
            title: `${controller.kind} ${controller.name} controls it and may undo the restart`,
            object,
            observed: `Owned by ${controller.kind} ${controller.name}`,
            expected,
            remedy: `Restart it by means of ${controller.kind} where it has any; else watch whether the pods stay new.`,
          }),
        ];
      }
      const owner = gitOpsOwner(metadata);
      const observed = owner
        ? `${nameOfOwner(owner)}: ${owner.evidence.join(', ')}`
        : 'No mark of Flux, Argo CD or Helm, and no controller';
      if (owner?.tool === 'argocd') {
        return [
          warning({
            title: 'Argo CD may undo the restart when it heals by itself',
            object,
            observed,
            expected,
            remedy:
              'Let the application ignore the annotation kubectl.kubernetes.io/restartedAt (ignoreDifferences), or use its own action restart.',
          }),
        ];
      }
      return owner?.kind === 'Kustomization'
        ? [
            info({
              title:
                'The restart is written in the name of Flux, which then leaves it alone',
              object,
              observed,
              expected,
              remedy: 'None needed.',
            }),
          ]
        : [
            passed({
              title: 'Nobody is known to undo the restart',
              object,
              observed,
              expected,
            }),
          ];
    },
  });
}
