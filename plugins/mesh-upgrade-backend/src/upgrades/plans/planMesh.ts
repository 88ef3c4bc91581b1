import { InputError } from '@backstage/errors';
import type {
  ControlPlaneView,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh } from '../../inventory/types';
import type { PlannedStep } from '../drivers/types';
import { hashPlan } from './hashPlan';
import { LAST_STAGE, orderClusters, stageOf } from './orderClusters';
import { planCluster, type ClusterDraft } from './planCluster';
import { planHealth } from './planHealth';
import type { DraftRun, MeshPlanOptions } from './types';

/** Plans a mesh: cluster by cluster each control plane as its driver would and the node agents after it, then a health check of all; canaries pass theirs before any other cluster begins. */
export async function planMesh(
  subject: UpgradeSubject & { kind: 'mesh' },
  options: MeshPlanOptions,
): Promise<DraftRun> {
  const { mesh, canaryClusters } = options;
  const returning = options.returned !== undefined;
  const { targetVersion } = subject;
  const controlPlanes = mesh.clusters.flatMap(each => each.controlPlanes);
  refuseUnplannable(mesh, controlPlanes, returning);
  const ordered = orderClusters(mesh.clusters, canaryClusters);
  if (returning) {
    ordered.reverse();
  }
  const drafts: ClusterDraft[] = [];
  // One after the other: the first problem is the one to be told.
  for (const cluster of ordered) {
    drafts.push(await planCluster(cluster, targetVersion, options));
  }
  const changes = drafts.flatMap(draft => draft.changes);
  if (changes.length === 0) {
    throw new InputError(
      `Every control plane and node agent of mesh '${mesh.name}' is at ${targetVersion} already`,
    );
  }
  const stages = new Map(
    ordered.map(each => {
      const stage = stageOf(each, canaryClusters);
      return [each.cluster, returning ? LAST_STAGE - stage : stage];
    }),
  );
  const steps = [
    ...drafts.flatMap(draft => draft.steps.filter(isUpgrade)),
    ...drafts.flatMap(draft => [
      ...draft.steps.filter(step => !isUpgrade(step)),
      ...planHealth(draft.proven, targetVersion),
    ]),
  ];
  return {
    handsOff: drafts
      .filter(({ isWritten }) => !isWritten)
      .map(({ cluster }) => cluster),
    steps: steps.map(step => ({ ...step, stage: stages.get(step.cluster) })),
    plan: {
      hash: hashPlan(subject, changes),
      kind: 'mesh',
      meshId: mesh.id,
      fromVersion: mesh.version,
      targetVersion,
      driver: [...new Set(drafts.flatMap(draft => draft.drivers))].join(', '),
      changes,
      pods: controlPlanes.reduce((sum, each) => sum + each.desiredReplicas, 0),
      skipped: drafts.flatMap(draft => draft.skipped),
    },
  };
}

function isUpgrade({ phase }: PlannedStep): boolean {
  return phase === 'upgrade';
}

function refuseUnplannable(
  mesh: InventoriedMesh,
  controlPlanes: ControlPlaneView[],
  returning: boolean,
) {
  if (mesh.type === 'external') {
    if (returning) {
      throw new InputError(
        `Mesh '${mesh.name}' is external: only its provider can take its control plane back`,
      );
    }
    return;
  }
  if (controlPlanes.length === 0) {
    throw new InputError(
      `No control plane of mesh '${mesh.name}' was seen: ${
        mesh.reasons.join(' ') || 'look at the health of its clusters'
      }`,
    );
  }
}
