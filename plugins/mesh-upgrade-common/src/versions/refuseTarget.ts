import type { RefusedVersion, UpgradeStrategy } from '../types';
import {
  compareIstioVersions,
  minorOf,
  NATIVE_FAMILY,
  parseIstioVersion,
  type IstioVersion,
} from './IstioVersion';

/** What the operator in one cluster installs; names without the leading `v`. @public */
export interface OperatorVersions {
  cluster: string;
  /** Those it installs. */
  installs: readonly string[];
  /** Those it knows by name but refuses since their end of life. */
  retired: readonly string[];
}

/** Where a mesh stands and which versions its sources hold. @public */
export interface UpgradePosition {
  /** Lowest version among the mesh's control planes; undefined when none can be read. */
  current: string | undefined;
  /** Every version among them, for a mesh that is already part of the way; default: only `current`. */
  installed?: string[];
  /** `native` or the vendor suffix. */
  family: string;
  tags: string[];
  /** Default: `inPlace`. */
  strategy?: UpgradeStrategy;
  /** Pre-releases were asked for. */
  preReleases?: boolean;
  /** Present where an operator installs the control planes: nothing else can be installed. */
  operators?: readonly OperatorVersions[];
}

/** Why a version may not be upgraded to. @public */
export interface TargetRefusal {
  version: string;
  /** `unknown`: in no source. */
  code: RefusedVersion['code'] | 'unknown';
  /** A sentence for people. */
  reason: string;
}

/** How many minors one upgrade may go ahead. */
export const MINORS_PER_HOP: Record<UpgradeStrategy, number> = {
  inPlace: 1,
  revision: 2,
};

/**
 * Says why a mesh may not be upgraded to `target`, or undefined when it may as
 * far as versions are concerned: in place one minor at a time, by revision
 * two, never back, never to another family, only to what a source holds and
 * the operator installs, to a pre-release only on request.
 *
 * @public
 */
export function refuseTarget(
  target: string,
  position: UpgradePosition,
): TargetRefusal | undefined {
  const refusal = refuseTag(target, position);
  if (refusal || position.tags.includes(target)) {
    return refusal;
  }
  return {
    version: target,
    code: 'unknown',
    reason: `${target} is not among the versions that the sources of the mesh hold.`,
  };
}

/** The same for a tag known to be in a source. */
export function refuseTag(
  tag: string,
  position: UpgradePosition,
): (TargetRefusal & { code: RefusedVersion['code'] }) | undefined {
  const refuse = (code: RefusedVersion['code'], reason: string) => ({
    version: tag,
    code,
    reason,
  });
  const target = parseIstioVersion(tag);
  if (!target) {
    return refuse('unreadable', `${tag} is not a version of Istio.`);
  }
  if (target.family !== position.family) {
    return refuse(
      'otherFamily',
      `${tag} is ${nameOf(target.family)}, the mesh runs ${nameOf(
        position.family,
      )}; families are never mixed.`,
    );
  }
  const installed = installedVersions(position);
  if (!installed) {
    return refuse(
      'unreadable',
      'The version that the mesh runs cannot be read, so no way from it can be judged.',
    );
  }
  const stranger = installed.find(({ family }) => family !== position.family);
  if (stranger) {
    return refuse(
      'otherFamily',
      `The mesh also runs ${stranger.raw}, which is ${nameOf(
        stranger.family,
      )}; families are never mixed.`,
    );
  }
  if (target.variant) {
    return refuse(
      'variant',
      `${tag} is the ${target.variant} image of a version, not a version of its own.`,
    );
  }

  const sorted = [...installed].sort(compareIstioVersions);
  const lowest = sorted[0];
  const highest = sorted[sorted.length - 1];
  if (compareIstioVersions(target, highest) < 0) {
    return refuse(
      'older',
      `${tag} is older than ${highest.raw}, which the mesh runs; there is no way back.`,
    );
  }
  if (compareIstioVersions(target, lowest) === 0) {
    return refuse('same', `The mesh already runs ${tag}.`);
  }
  if (target.preRelease && !position.preReleases) {
    return refuse(
      'preRelease',
      `${tag} is a pre-release, which is offered only on request.`,
    );
  }
  const obstacle = refusedByOperator(tag, position);
  if (obstacle !== undefined) {
    return refuse('operator', obstacle);
  }
  const strategy = position.strategy ?? 'inPlace';
  if (
    target.major !== lowest.major ||
    target.minor > lowest.minor + MINORS_PER_HOP[strategy]
  ) {
    return refuse('tooFar', tooFar(target, lowest, strategy));
  }
  return undefined;
}

/** Why an operator does not install a version; undefined when all do or none is there. */
export function refusedByOperator(
  tag: string,
  position: Pick<UpgradePosition, 'operators'>,
): string | undefined {
  const name = tag.replace(/^v/, '');
  for (const { cluster, installs, retired } of position.operators ?? []) {
    if (retired.includes(name)) {
      return `The operator in ${cluster} no longer installs ${tag}: it is past its end of life.`;
    }
    if (!installs.includes(name)) {
      return `The operator in ${cluster} does not know ${tag}; upgrade the operator to one that does.`;
    }
  }
  return undefined;
}

/** The control planes' versions, oldest first; undefined where they have no order. */
export function installedInOrder(
  position: UpgradePosition,
): [IstioVersion, ...IstioVersion[]] | undefined {
  const installed = installedVersions(position);
  return installed?.every(({ family }) => family === position.family)
    ? (installed.sort(compareIstioVersions) as [IstioVersion])
    : undefined;
}

/** Undefined when the mesh's version is unreadable. */
function installedVersions(
  position: UpgradePosition,
): IstioVersion[] | undefined {
  const current = parseIstioVersion(position.current ?? '');
  const others = (position.installed ?? []).map(parseIstioVersion);
  return current && [current, ...others.filter(isPresent)];
}

function tooFar(
  target: IstioVersion,
  lowest: IstioVersion,
  strategy: UpgradeStrategy,
): string {
  if (target.major !== lowest.major) {
    return `${target.raw} is another major version than ${lowest.raw}; no direct way is known.`;
  }
  const distance = `${target.raw} is ${
    target.minor - lowest.minor
  } minors ahead of ${lowest.raw}`;
  const next = `${lowest.major}.${lowest.minor + 1}`;
  return strategy === 'inPlace'
    ? `${distance}; an upgrade in place goes one minor at a time, so upgrade to ${next} before ${minorOf(
        target,
      )}.`
    : `${distance}; an upgrade by revision goes two minors at a time, so upgrade to a version between them first.`;
}
function nameOf(family: string): string {
  return family === NATIVE_FAMILY
    ? 'a native version'
    : `a version of the family '${family}'`;
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
