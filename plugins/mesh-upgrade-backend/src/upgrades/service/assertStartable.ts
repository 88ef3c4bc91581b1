import type {
  CheckFinding,
  CheckReport,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { CheckRunner } from '../../checks/types';
import type { ClusterRegistry } from '../../clusters/types';
import { assertMode } from '../kubernetes/clientFor';
import type { DraftRun } from '../plans/types';
import type { RunStore } from '../store/RunStore';
import { assertChecked } from './assertChecked';
import { assertRetry } from './assertSuccession';
import type { Selection } from './selection';

export interface StartableOptions {
  checks: CheckRunner;
  clusters: ClusterRegistry;
  store: RunStore;
}

/** A run that is about to begin. */
export interface Beginning {
  selection: Selection;
  draft: DraftRun;
  request: UpgradeSubject & { retryOf?: string };
  consents: readonly string[];
  /** Absent while the run is not created. */
  runId?: string;
}

/**
 * What must hold when a run is started, and again when one that waited begins:
 * its clusters are open for it, the run it tries again fits, the checks pass.
 *
 * @returns the findings that were consented to
 * @throws NotAllowedError or InputError with what stands in the way
 */
export async function assertStartable(
  beginning: Beginning,
  options: StartableOptions,
): Promise<CheckFinding[]> {
  const { draft, request, consents } = beginning;
  assertModes(draft, options.clusters);
  if (request.retryOf !== undefined) {
    const former = await options.store.get(request.retryOf);
    assertRetry(former, request, request.retryOf);
  }
  return assertChecked(await check(beginning, options.checks), consents);
}

function assertModes(
  { plan, handsOff = [] }: DraftRun,
  clusters: ClusterRegistry,
) {
  const needed = plan.kind === 'sidecars' ? 'restart' : 'full';
  for (const cluster of new Set(plan.changes.map(c => c.cluster))) {
    if (!handsOff.includes(cluster)) {
      assertMode(clusters, cluster, needed);
    }
  }
}

/** Workloads that the plan skips are not checked: nothing happens to them. */
function check(
  { selection, draft, runId }: Beginning,
  checks: CheckRunner,
): Promise<CheckReport> {
  if (selection.kind === 'mesh') {
    const { mesh, targetVersion, returnOf } = selection;
    const returning = returnOf !== undefined;
    return checks.checkMesh(mesh, targetVersion, { runId, returning });
  }
  if (selection.kind === 'leftovers') {
    const { mesh, leftovers } = selection;
    return checks.checkLeftovers(mesh, leftovers, { runId });
  }
  const planned = new Set(draft.steps.map(({ workload }) => workload));
  return checks.checkSidecars(
    selection.workloads.filter(({ id }) => planned.has(id)),
  );
}
