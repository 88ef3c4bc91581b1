import type { RefusedVersion } from '../types';
import {
  compareIstioVersions,
  minorOf,
  NATIVE_FAMILY,
  parseIstioVersion,
  type IstioVersion,
} from './IstioVersion';

/** Where a mesh stands and which tags its registry holds. @public */
export interface UpgradePosition {
  /** Lowest version among the mesh's control planes; undefined when none can be read. */
  current: string | undefined;
  /** Every version among them, for a mesh that is already part of the way; default: only `current`. */
  installed?: string[];
  /** `native` or the vendor suffix. */
  family: string;
  tags: string[];
}

/** Why a version may not be upgraded to. @public */
export interface TargetRefusal {
  version: string;
  /** `unknown`: not among the tags of the registry. */
  code: RefusedVersion['code'] | 'unknown';
  /** A sentence for people. */
  reason: string;
}

/**
 * Says why a mesh may not be upgraded in place to `target`, or undefined when
 * it may as far as versions are concerned: one minor at a time, never back,
 * never to another family, only to a release that the registry holds.
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
    reason: `${target} is not among the versions that the mesh's image registry holds.`,
  };
}

/** The same for a tag known to be in the registry. */
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
  if (target.preRelease) {
    return refuse('preRelease', `${tag} is a pre-release.`);
  }
  if (target.major !== lowest.major || target.minor > lowest.minor + 1) {
    return refuse('tooFar', tooFar(target, lowest));
  }
  return undefined;
}

/** Undefined when the mesh's version is unreadable. */
function installedVersions(
  position: UpgradePosition,
): IstioVersion[] | undefined {
  const current = parseIstioVersion(position.current ?? '');
  const others = (position.installed ?? []).map(parseIstioVersion);
  return current && [current, ...others.filter(isPresent)];
}

function tooFar(target: IstioVersion, lowest: IstioVersion): string {
  if (target.major !== lowest.major) {
    return `${target.raw} is another major version than ${lowest.raw}; no direct way is known.`;
  }
  const next = `${lowest.major}.${lowest.minor + 1}`;
  return `${target.raw} is ${target.minor - lowest.minor} minors ahead of ${
    lowest.raw
  }; an upgrade goes one minor at a time, so upgrade to ${next} before ${minorOf(
    target,
  )}.`;
}

function nameOf(family: string): string {
  return family === NATIVE_FAMILY
    ? 'a native version'
    : `a version of the family '${family}'`;
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
