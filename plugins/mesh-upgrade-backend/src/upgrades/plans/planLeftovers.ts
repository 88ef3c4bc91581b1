import { InputError } from '@backstage/errors';
import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { InventoriedMesh } from '../../inventory/types';
import {
  REMOVE_LEFTOVER_ACTION,
  type RemoveLeftoverParameters,
} from '../actuators/removeLeftover';
import type { PlannedStep } from '../drivers/types';
import {
  apiVersionOf,
  clustersOf,
  leftoverName,
  removalRank,
  type Leftover,
  type MeshLeftovers,
} from '../leftovers';
import { objectYaml } from '../preview/objectYaml';
import { hashPlan } from './hashPlan';
import type { DraftRun } from './types';

/**
 * Plans the removal of what earlier revisions left, cluster by cluster, who
 * calls before who is called. The plan keeps each object as YAML, so that it
 * can be put back.
 *
 * @throws InputError when one of them is no leftover, is in use, or is kept by
 * an installer
 */
export async function planLeftovers(
  subject: UpgradeSubject & { kind: 'leftovers' },
  options: {
    mesh: InventoriedMesh;
    leftovers: Pick<MeshLeftovers, 'on'>;
    signal: AbortSignal;
  },
): Promise<DraftRun> {
  const { mesh, signal } = options;
  const ids = [...new Set(subject.leftovers)];
  if (ids.length === 0) {
    throw new InputError('leftovers must not be empty');
  }
  const clusters = clustersOf(mesh).filter(cluster =>
    ids.some(id => id.startsWith(`${cluster}/`)),
  );
  const found = await Promise.all(
    clusters.map(cluster => options.leftovers.on(mesh, cluster, { signal })),
  );
  const selected = found.flatMap(each =>
    each
      .filter(({ view }) => ids.includes(view.id))
      .sort((a, b) => removalRank(a.kind) - removalRank(b.kind)),
  );
  refuseUnremovable(mesh, ids, selected);
  const changes = selected.map(leftover => ({
    cluster: leftover.view.cluster,
    object: leftoverName(leftover),
    before: 'exists',
    after: 'removed',
    effect: `${leftover.view.reason}. Nobody uses it; what is removed stays in this plan and can be applied again`,
    yaml: {
      before: objectYaml({
        // Items of a list do not tell what they are.
        apiVersion: apiVersionOf(leftover.kind),
        kind: leftover.kind,
        ...leftover.object,
      }),
    },
  }));
  return {
    steps: selected.map(stepOf),
    plan: {
      hash: hashPlan({ ...subject, leftovers: ids }, changes),
      kind: 'leftovers',
      meshId: mesh.id,
      targetVersion: mesh.version ?? 'unknown',
      changes,
      pods: 0,
      skipped: [],
    },
  };
}

function refuseUnremovable(
  mesh: InventoriedMesh,
  ids: string[],
  selected: Leftover[],
) {
  const known = new Set(selected.map(({ view }) => view.id));
  const unknown = ids.filter(id => !known.has(id));
  if (unknown.length > 0) {
    throw new InputError(
      `Mesh '${mesh.name}' has no such leftovers: ${unknown.join(
        ', ',
      )}; they are gone, or in use again. Look at the list once more`,
    );
  }
  const kept = selected.filter(({ view }) => view.obstacle !== undefined);
  if (kept.length > 0) {
    const reasons = kept.map(
      each =>
        `Cluster '${each.view.cluster}', ${leftoverName(each)}: ${
          each.view.obstacle
        }`,
    );
    throw new InputError(
      `Not everything that was selected can be removed. ${reasons.join('. ')}`,
    );
  }
}

function stepOf({ view, kind, object }: Leftover): PlannedStep {
  const parameters: RemoveLeftoverParameters = {
    leftover: view.id,
    kind,
    namespace: view.namespace,
    name: view.name,
    uid: object.metadata.uid ?? '',
  };
  return {
    phase: 'upgrade',
    title: leftoverName({ view }),
    cluster: view.cluster,
    action: REMOVE_LEFTOVER_ACTION,
    parameters,
  };
}
