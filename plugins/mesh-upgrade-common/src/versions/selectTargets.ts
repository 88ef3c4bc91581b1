import type { RefusedVersion, TargetVersion } from '../types';
import {
  compareIstioVersions,
  minorOf,
  parseIstioVersion,
  type IstioVersion,
} from './IstioVersion';
import { kubernetesRange, kubernetesSupport } from './kubernetesSupport';
import { refuseTag, type UpgradePosition } from './refuseTarget';
import { supportOf } from './supportOf';

/** Everything the choice of target versions depends on. @public */
export interface TargetQuestion extends UpgradePosition {
  /** Every cluster of the mesh, the control-plane cluster included. */
  clusters: { name: string; kubernetesVersion?: string }[];
  now: Date;
}

/**
 * Sorts the registry's tags into versions a mesh can be upgraded to in place,
 * newest first, and those it cannot, with the reason. Recommended is the
 * newest patch of the newest minor that every cluster is known to support.
 *
 * @public
 */
export function selectTargets(question: TargetQuestion): {
  offered: TargetVersion[];
  refused: RefusedVersion[];
} {
  const refused: RefusedVersion[] = [];
  const offered: IstioVersion[] = [];
  for (const tag of new Set(question.tags)) {
    const refusal = refuseTag(tag, question);
    const version = parseIstioVersion(tag);
    if (refusal) {
      refused.push(refusal);
    } else if (version) {
      offered.push(version);
    }
  }
  const newestFirst = withoutAliases(offered.sort(newestOf));
  const recommended = newestFirst.find(({ raw }) => allSupport(raw, question));
  return {
    offered: newestFirst.map(version => ({
      version: version.raw,
      minor: minorOf(version),
      support: supportOf(version.raw, question.now),
      kubernetes: kubernetesRange(version.raw),
      recommended: version === recommended,
    })),
    refused: refused.sort(byVersion),
  };
}

/**
 * Newest release of a family among tags, whatever the way to it; undefined
 * when there is none.
 *
 * @public
 */
export function newestVersion(
  tags: string[],
  family: string,
): string | undefined {
  const releases = tags
    .map(parseIstioVersion)
    .filter((version): version is IstioVersion => version !== undefined)
    .filter(version => version.family === family)
    .filter(version => !version.preRelease && !version.variant);
  return releases.sort(newestOf)[0]?.raw;
}

function allSupport(version: string, { clusters }: TargetQuestion): boolean {
  return (
    clusters.length > 0 &&
    clusters.every(
      cluster => kubernetesSupport(version, cluster.kubernetesVersion) === 'ok',
    )
  );
}

/** Newest first; of equal ones `1.30.3` before `v1.30.3`. */
function newestOf(a: IstioVersion, b: IstioVersion): number {
  return compareIstioVersions(b, a) || a.raw.length - b.raw.length;
}

function withoutAliases(sorted: IstioVersion[]): IstioVersion[] {
  return sorted.filter(
    (version, i) =>
      i === 0 || compareIstioVersions(version, sorted[i - 1]) !== 0,
  );
}

/** Readable ones first, by family, newest first; then the rest by name. */
function byVersion(a: RefusedVersion, b: RefusedVersion): number {
  const left = parseIstioVersion(a.version);
  const right = parseIstioVersion(b.version);
  if (!left || !right) {
    return (
      Number(left === undefined) - Number(right === undefined) ||
      a.version.localeCompare(b.version)
    );
  }
  return left.family === right.family
    ? newestOf(left, right)
    : left.family.localeCompare(right.family);
}
