import type { RefusedVersion, TargetVersion } from '../types';
import { clusterVerdicts, type ClusterFacts } from './clusterVerdicts';
import {
  compareIstioVersions,
  minorOf,
  parseIstioVersion,
  type IstioVersion,
} from './IstioVersion';
import { kubernetesRange } from './kubernetesSupport';
import { hopPlanner } from './planHops';
import { refuseTag, type UpgradePosition } from './refuseTarget';
import { releaseNotesUrl } from './releaseNotes';
import type { MatrixChoice } from './supportMatrix';
import { supportOf } from './supportOf';

/** Everything the choice of target versions depends on. The providers are those of the mesh. @public */
export interface TargetQuestion extends UpgradePosition, MatrixChoice {
  /** Every cluster of the mesh, the control-plane cluster included. */
  clusters: readonly ClusterFacts[];
  /** Names of the sources that hold a tag. */
  sourcesOf?: (tag: string) => string[];
  now: Date;
}

interface Refusal {
  version: IstioVersion;
  view: RefusedVersion;
}

/**
 * Sorts the tags of the sources into versions a mesh can be upgraded to,
 * newest first, and those it cannot, with the reason and, where they are too
 * far, the way. Tags that are no versions are left out.
 *
 * Recommended is the newest patch of the newest minor that every cluster is
 * known to support; one past its end of life only if there is no other.
 *
 * @public
 */
export function selectTargets(question: TargetQuestion): {
  offered: TargetVersion[];
  refused: RefusedVersion[];
} {
  const refused: Refusal[] = [];
  const candidates: IstioVersion[] = [];
  const planHops = hopPlanner(question);
  for (const tag of new Set(question.tags)) {
    const version = parseIstioVersion(tag);
    const refusal = version && refuseTag(tag, question);
    if (version && refusal) {
      const hops = refusal.code === 'tooFar' ? planHops(tag) : undefined;
      refused.push({ version, view: { ...refusal, ...(hops && { hops }) } });
    } else if (version) {
      candidates.push(version);
    }
  }
  const offered = withoutAliases(candidates.sort(newestOf)).map(version =>
    offer(version, question),
  );
  const recommended = recommend(offered);
  return {
    offered: offered.map(target => ({
      ...target,
      recommended: target === recommended,
    })),
    refused: refused.sort(byFamily).map(({ view }) => view),
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

function offer(version: IstioVersion, question: TargetQuestion): TargetVersion {
  const { raw } = version;
  return {
    version: raw,
    minor: minorOf(version),
    support: supportOf(raw, question.now, question),
    kubernetes: kubernetesRange(raw, question),
    recommended: false,
    ...(version.preRelease && { preRelease: true }),
    clusters: clusterVerdicts(raw, question),
    notesUrl: releaseNotesUrl(raw),
    sources: question.sourcesOf?.(raw) ?? [],
  };
}

function recommend(newestFirst: TargetVersion[]): TargetVersion | undefined {
  const suitable = newestFirst.filter(
    ({ clusters, preRelease }) =>
      !preRelease &&
      clusters.length > 0 &&
      clusters.every(({ verdict }) => verdict === 'ok'),
  );
  return (
    suitable.find(({ support }) => support.state !== 'ended') ?? suitable[0]
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

/** By family, newest first. */
function byFamily({ version: a }: Refusal, { version: b }: Refusal): number {
  return a.family === b.family
    ? newestOf(a, b)
    : a.family.localeCompare(b.family);
}
