import type { RunKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Step } from '../types';

/** How long a step took that succeeded. */
export interface SeenDuration {
  kind: RunKind;
  action: string;
  title: string;
  ms: number;
}

/** What a step is known by before it is taken. */
export type ExpectedStep = Pick<
  Step,
  'phase' | 'title' | 'cluster' | 'action' | 'stage'
>;

/** How many things a run does at once. */
export interface Parallelism {
  /** Workloads of a sidecar run. */
  concurrency: number;
  /** Clusters of a mesh run. */
  clustersAtOnce: number;
}

/** In seconds; absent where nothing alike was ever seen. */
export interface UsualDurations {
  run?: number;
  /** In the order of the steps. */
  steps: (number | undefined)[];
}

/** Foretells steps, and the run they make, by the medians of what was seen. */
export function usualDurations(
  run: { kind: RunKind; steps: ExpectedStep[] },
  seen: SeenDuration[],
  parallelism: Parallelism,
): UsualDurations {
  const medianOf = mediansOf(seen.filter(({ kind }) => kind === run.kind));
  const steps = run.steps.map(medianOf);
  return { run: usualRun(run, steps, parallelism), steps };
}

/** Of steps of the same name if there were any: `base` is done sooner than `istiod`. */
function mediansOf(
  seen: SeenDuration[],
): (step: ExpectedStep) => number | undefined {
  const times = new Map<string, number[]>();
  for (const { action, title, ms } of seen) {
    for (const key of [action, `${action} ${title}`]) {
      times.set(key, [...(times.get(key) ?? []), ms]);
    }
  }
  const medians = new Map(
    [...times].map(([key, all]) => [key, Math.round(median(all) / 1000)]),
  );
  return ({ action, title }) =>
    medians.get(`${action} ${title}`) ?? medians.get(action);
}

function usualRun(
  { kind, steps }: { kind: RunKind; steps: ExpectedStep[] },
  seconds: (number | undefined)[],
  { concurrency, clustersAtOnce }: Parallelism,
): number | undefined {
  const timed = steps.map((step, index) => ({ ...step, took: seconds[index] }));
  const upgrades = timed.filter(({ phase }) => phase === 'upgrade');
  if (upgrades.some(({ took }) => took === undefined)) {
    return undefined;
  }
  const stages = new Set(timed.map(({ stage = 0 }) => stage));
  return [...stages].reduce((total, stage) => {
    const own = timed.filter(each => (each.stage ?? 0) === stage);
    const lanes = new Map<string, number>();
    for (const [index, { cluster, phase, took = 0 }] of own.entries()) {
      if (phase === 'upgrade') {
        const lane = kind === 'sidecars' ? String(index) : cluster;
        lanes.set(lane, (lanes.get(lane) ?? 0) + took);
      }
    }
    const checks = own.filter(({ phase }) => phase === 'healthCheck');
    return (
      total +
      sideBySide(
        [...lanes.values()],
        kind === 'sidecars' ? concurrency : clustersAtOnce,
      ) +
      Math.max(0, ...checks.map(({ took = 0 }) => took))
    );
  }, 0);
}

/** How long several things take when some of them are done at once. */
function sideBySide(seconds: number[], atOnce: number): number {
  const sum = seconds.reduce((total, each) => total + each, 0);
  return Math.max(0, ...seconds, Math.ceil(sum / Math.max(1, atOnce)));
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle)
    ? (sorted[middle - 1] + sorted[middle]) / 2
    : sorted[Math.floor(middle)];
}
