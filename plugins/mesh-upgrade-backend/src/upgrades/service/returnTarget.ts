import { SAIL_ISTIO_ACTION } from '../actuators/sailIstio';
import { GITOPS_SOURCE_ACTION } from '../gitops/gitopsSource';
import { HELM_JOB_ACTION } from '../jobs/helmTask';
import { ISTIOCTL_JOB_ACTION } from '../jobs/istioctlTask';
import { MANUAL_UPGRADE_ACTION } from '../actuators/manualUpgrade';
import type { RunStore } from '../store/RunStore';
import { isFinalRunState } from '../transitions';
import type { Run, Step } from '../types';

/** Steps that leave nothing to go back to. */
const ONE_WAY = [
  GITOPS_SOURCE_ACTION,
  ISTIOCTL_JOB_ACTION,
  MANUAL_UPGRADE_ACTION,
];
const MOST_LOOKED_AT = 20;

/**
 * The version that a new run could take this one's mesh back to, by what it
 * did; whether the way back is still open is known when it is planned.
 */
export function returnTarget(run: Run): string | undefined {
  const changed = run.steps.filter(
    ({ phase, state }) =>
      phase === 'upgrade' && state !== 'pending' && state !== 'skipped',
  );
  return run.kind === 'mesh' &&
    run.returnOf === undefined &&
    isFinalRunState(run.state) &&
    changed.some(isReturnable) &&
    !changed.some(isOneWay)
    ? run.fromVersion
    : undefined;
}

/** The newest run that is over and has begun to change a mesh. */
export async function newestUpgrade(
  store: Pick<RunStore, 'list'>,
  meshId: string,
): Promise<{ id: string } | undefined> {
  const { items } = await store.list({
    kind: ['mesh'],
    mesh: meshId,
    active: false,
    limit: MOST_LOOKED_AT,
  });
  return items.find(({ startedAt }) => startedAt !== undefined);
}

function isReturnable({ action, parameters }: Step): boolean {
  return (
    action === HELM_JOB_ACTION ||
    (action === SAIL_ISTIO_ACTION && parameters.revision !== undefined)
  );
}

/** In place the operator keeps nothing of the former control plane. */
function isOneWay({ action, parameters }: Step): boolean {
  return (
    ONE_WAY.includes(action) ||
    (action === SAIL_ISTIO_ACTION &&
      parameters.kind === undefined &&
      parameters.revision === undefined)
  );
}
