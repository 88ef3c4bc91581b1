import type { UpgradeHop } from '../types';
import { clusterVerdicts } from './clusterVerdicts';
import {
  compareIstioVersions,
  minorOf,
  parseIstioVersion,
  type IstioVersion,
} from './IstioVersion';
import { kubernetesRange } from './kubernetesSupport';
import {
  installedInOrder,
  MINORS_PER_HOP,
  refusedByOperator,
} from './refuseTarget';
import type { TargetQuestion } from './selectTargets';
import { supportOf } from './supportOf';

/** The stops before a version, or undefined where no source holds what lies between. */
type Way = IstioVersion[] | undefined;

/**
 * Plans the way to versions that are too far for one upgrade: the fewest
 * stops, each the newest patch of its minor that the sources hold; of ways
 * with equally many stops the one whose stops more clusters can run.
 */
export function hopPlanner(
  question: TargetQuestion,
): (target: string) => UpgradeHop[] | undefined {
  const installed = installedInOrder(question);
  if (!installed) {
    return () => undefined;
  }
  const [lowest] = installed;
  const highest = installed[installed.length - 1];
  const newest = newestByMinor(question, highest);
  const ways = new Map<number, Way>();
  const hops = new Map<string, UpgradeHop>();
  const step = MINORS_PER_HOP[question.strategy ?? 'inPlace'];

  function wayTo(minor: number): Way {
    if (!ways.has(minor)) {
      ways.set(minor, findWay(minor));
    }
    return ways.get(minor);
  }

  function findWay(minor: number): Way {
    if (minor - lowest.minor <= step) {
      return [];
    }
    let best: Way;
    for (let before = minor - step; before < minor; before++) {
      const stop = newest.get(before);
      const way = stop && wayTo(before);
      if (way && isBetter([...way, stop], best, question)) {
        best = [...way, stop];
      }
    }
    return best;
  }

  /** Many versions are reached over the same stops. */
  function hopAt(stop: IstioVersion): UpgradeHop {
    const hop = hops.get(stop.raw) ?? hopTo(stop, question);
    hops.set(stop.raw, hop);
    return hop;
  }

  return target => {
    const version = parseIstioVersion(target);
    if (
      !version ||
      version.family !== lowest.family ||
      version.major !== lowest.major ||
      compareIstioVersions(version, highest) <= 0
    ) {
      return undefined;
    }
    const stops = wayTo(version.minor);
    return stops && [...stops.map(hopAt), hopTo(version, question)];
  };
}

/** Releases that may be stops: not behind any control plane, installable, newest of their minor. */
function newestByMinor(
  question: TargetQuestion,
  highest: IstioVersion,
): Map<number, IstioVersion> {
  const newest = new Map<number, IstioVersion>();
  for (const tag of question.tags) {
    const version = parseIstioVersion(tag);
    const known = version && newest.get(version.minor);
    if (
      version &&
      version.family === highest.family &&
      version.major === highest.major &&
      !version.preRelease &&
      !version.variant &&
      compareIstioVersions(version, highest) >= 0 &&
      (!known || compareIstioVersions(version, known) > 0) &&
      !refusedByOperator(tag, question)
    ) {
      newest.set(version.minor, version);
    }
  }
  return newest;
}

function isBetter(
  way: IstioVersion[],
  best: Way,
  question: TargetQuestion,
): boolean {
  return (
    best === undefined ||
    way.length < best.length ||
    (way.length === best.length &&
      conflicts(way, question) < conflicts(best, question))
  );
}

function conflicts(way: IstioVersion[], question: TargetQuestion): number {
  return way
    .flatMap(({ raw }) => clusterVerdicts(raw, question))
    .filter(({ verdict }) => verdict !== 'ok').length;
}

function hopTo(version: IstioVersion, question: TargetQuestion): UpgradeHop {
  return {
    version: version.raw,
    minor: minorOf(version),
    kubernetes: kubernetesRange(version.raw, question),
    support: supportOf(version.raw, question.now, question),
    clusters: clusterVerdicts(version.raw, question),
  };
}
