import type { RunWait } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { RunPolicy } from '../schedule/RunPolicy';
import { windowWait } from '../schedule/waits';
import type { Run, Step } from '../types';

/** Steps that may begin now, in order; or what they wait for while nothing else is under way. */
export interface NextSteps {
  ids: string[];
  wait?: RunWait;
}

/** Which steps of a run that goes on may begin: by order, by how many at once, and by windows. */
export function nextSteps(
  run: Run,
  options: { policy: RunPolicy; now: Date },
): NextSteps {
  const open = inStage(run.steps.filter(isOpen));
  const upgrades = open.filter(({ phase }) => phase === 'upgrade');
  if (upgrades.length === 0) {
    // They only look, so that no window holds them back.
    return { ids: open.filter(isPending).map(({ id }) => id) };
  }
  const inTurn =
    run.kind === 'sidecars'
      ? upgrades.filter(isPending)
      : byCluster(upgrades, options.policy.clustersAtOnce);
  const openClusters = new Set(
    [...new Set(inTurn.map(({ cluster }) => cluster))].filter(
      cluster => !windowWait(run, [cluster], options),
    ),
  );
  const begin = inTurn.filter(({ cluster }) => openClusters.has(cluster));
  const running = upgrades.length - upgrades.filter(isPending).length;
  const free =
    run.kind === 'sidecars'
      ? Math.max(0, options.policy.concurrency - running)
      : Infinity;
  return {
    ids: begin.slice(0, free).map(({ id }) => id),
    wait:
      begin.length === 0 && running === 0
        ? windowWait(
            run,
            inTurn.map(({ cluster }) => cluster),
            options,
          )
        : undefined,
  };
}

function isPending({ state }: Step): boolean {
  return state === 'pending';
}

function isOpen({ state }: Step): boolean {
  return state === 'pending' || state === 'running';
}

/** A stage is proven, by its health checks too, before the next one begins. */
function inStage(open: Step[]): Step[] {
  const stage = Math.min(...open.map(step => step.stage ?? 0));
  return open.filter(step => (step.stage ?? 0) === stage);
}

/** Of each cluster one step after the other, and a limited number of clusters. */
function byCluster(steps: Step[], clustersAtOnce: number): Step[] {
  const busy = new Set(
    steps.flatMap(step => (isPending(step) ? [] : step.cluster)),
  );
  const chosen: Step[] = [];
  for (const step of steps.filter(isPending)) {
    if (!busy.has(step.cluster) && busy.size < clustersAtOnce) {
      busy.add(step.cluster);
      chosen.push(step);
    }
  }
  return chosen;
}
