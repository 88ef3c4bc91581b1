import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { ClusterRegistry } from '../../clusters/types';
import type { InventoriedMesh } from '../../inventory/types';
import type { ControlPlaneDriver } from '../drivers/types';
import { isKubernetesError } from '../engine/stepFailure';
import type { MeshLeftovers } from '../leftovers';
import { planLeftovers } from '../plans/planLeftovers';
import { planMesh } from '../plans/planMesh';
import { planSidecars } from '../plans/planSidecars';
import type { DraftRun } from '../plans/types';
import type { RunPolicy } from '../schedule/RunPolicy';
import type { RunStore } from '../store/RunStore';
import type { Selection } from './selection';

/** The rules about versions, as the upgrades room needs them. */
export interface TargetRules {
  /** A sentence why a version may not be upgraded to; undefined when it may. */
  refuse(
    mesh: InventoriedMesh,
    targetVersion: string,
  ): Promise<string | undefined>;
}

export interface DraftOptions {
  clusters: ClusterRegistry;
  drivers: ControlPlaneDriver[];
  leftovers: Pick<MeshLeftovers, 'on'>;
  policy: RunPolicy;
  store: RunStore;
  targets: TargetRules;
}

const PLAN_TIMEOUT_MS = 30_000;

/**
 * Plans what a request selects.
 *
 * @throws InputError when nothing is to be done or a rule forbids it,
 * ServiceUnavailableError when a cluster does not answer
 */
export async function draftRun(
  selection: Selection,
  options: DraftOptions,
): Promise<DraftRun> {
  try {
    return await draftOfKind(selection, options);
  } catch (error) {
    if (isKubernetesError(error)) {
      throw new ServiceUnavailableError(
        `The plan needs what a cluster does not answer. ${error.message}`,
        error,
      );
    }
    throw error;
  }
}

async function draftOfKind(
  selection: Selection,
  options: DraftOptions,
): Promise<DraftRun> {
  const { clusters, drivers, policy } = options;
  const signal = AbortSignal.timeout(PLAN_TIMEOUT_MS);
  if (selection.kind === 'sidecars') {
    const { workloads } = selection;
    return planSidecars(
      { kind: 'sidecars', workloads: workloads.map(({ id }) => id) },
      { workloads, clusters, signal },
    );
  }
  if (selection.kind === 'leftovers') {
    const { mesh, leftovers } = selection;
    return planLeftovers(
      { kind: 'leftovers', meshId: mesh.id, leftovers },
      { mesh, leftovers: options.leftovers, signal },
    );
  }
  const { mesh, targetVersion, returnOf } = selection;
  const returned =
    returnOf === undefined
      ? undefined
      : (await options.store.get(returnOf))?.steps;
  const refusal = returned
    ? undefined
    : await options.targets.refuse(mesh, targetVersion);
  if (refusal !== undefined) {
    throw new InputError(refusal);
  }
  return planMesh(
    { kind: 'mesh', meshId: mesh.id, targetVersion },
    {
      mesh,
      clusters,
      drivers,
      canaryClusters: policy.canaryClusters,
      returned,
      signal,
    },
  );
}
