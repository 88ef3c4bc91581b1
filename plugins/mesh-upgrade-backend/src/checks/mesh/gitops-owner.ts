import type {
  ControlPlaneView,
  InstallMethod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  info,
  passed,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import { keeperInGit, nameOfOwner } from '../../gitops/gitOpsOwner';
import { istiodName, istiodOf, operatedIstioOf } from '../istiod';
import type { ClusterCheckContext, PerClusterCheck } from '../types';

/** Whether something keeps the control plane in Git, and would take the upgrade back. */
export function gitOpsOwner(): PerClusterCheck {
  return {
    id: 'gitops-owner',
    title: 'Nothing reverts the upgrade',
    worst: 'blocker',
    scope: 'cluster',
    applies: ({ cluster }) => cluster.controlPlanes.length > 0,
    run: context =>
      Promise.all(
        context.cluster.controlPlanes.map(async controlPlane =>
          judgeKeeper(await changedObject(controlPlane, context), {
            targetVersion: context.targetVersion,
            method: controlPlane.install.method,
          }),
        ),
      ),
  };
}

/** What the upgrade of a control plane changes: the `Istio` of an operator, else istiod itself. */
async function changedObject(
  controlPlane: ControlPlaneView,
  context: ClusterCheckContext,
): Promise<{ name: string; object: KubernetesObject }> {
  const istio = await operatedIstioOf(controlPlane, context);
  return istio
    ? { name: `Istio ${istio.metadata.name}`, object: istio }
    : {
        name: istiodName(controlPlane),
        object: await istiodOf(controlPlane, context),
      };
}

/** Judges by the marks on the object that is to be changed. */
export function judgeKeeper(
  { name, object }: { name: string; object: KubernetesObject },
  { targetVersion, method }: { targetVersion: string; method: InstallMethod },
): Finding {
  const expected = 'No mark of Flux or Argo CD';
  const keeper = keeperInGit(object.metadata);
  if (keeper?.tool === method) {
    return info({
      title: `${name} is changed by way of ${nameOfOwner(keeper)}`,
      object: name,
      observed: keeper.evidence.join(', '),
      expected: 'An upgrade that is made where its keeper reads the version',
      remedy:
        'Where Git keeps that place, the plan says what to change in Git, and the run waits for it.',
    });
  }
  return keeper
    ? blocker({
        title: `${nameOfOwner(
          keeper,
        )} keeps ${name} in Git and would undo the upgrade`,
        object: name,
        observed: keeper.evidence.join(', '),
        expected,
        remedy: `Set version ${targetVersion} in Git and let ${nameOfOwner(
          keeper,
        )} apply it.`,
      })
    : passed({
        title: `Nothing keeps ${name} in Git`,
        object: name,
        observed: 'No such mark',
        expected,
      });
}
