import { compareIdentifiers } from 'semver';

/** Family of versions without a vendor suffix. @public */
export const NATIVE_FAMILY = 'native';

/** An image tag of Istio, taken apart. @public */
export interface IstioVersion {
  /** The tag as given. */
  raw: string;
  major: number;
  minor: number;
  patch: number;
  /** `native` or the vendor suffix, e.g. `mspider`; never mixed in an upgrade. */
  family: string;
  /** Vendor's own numbering within a version, e.g. `4` of `-asm.4`. */
  build?: string;
  /** Image variant; says nothing about the version. */
  variant?: 'distroless' | 'debug';
  /** e.g. `rc.0`, `beta.1`, `alpha.<sha>`. */
  preRelease?: string;
}

// Nine digits at most: beyond that a number is no version and loses precision.
const TAG =
  /^v?(?<major>\d{1,9})\.(?<minor>\d{1,9})(?:\.(?<patch>\d{1,9}))?(?<rest>(?:-[0-9A-Za-z.]+)*)$/;
const PRE_RELEASE = /^(?:alpha|beta|rc|dev|pre|snapshot)(?:[.\d].*)?$/i;
const BUILD = /^v?\d+$/i;

/**
 * Reads an image tag such as `1.30.3`, `1.30.3-distroless`, `1.30.3-mspider`,
 * `1.31.0-rc.0` or `1.28-alpha.<sha>`.
 *
 * Returns undefined for a tag that is not a version, e.g. `latest`: it is
 * shown as it is and never compared.
 *
 * @public
 */
export function parseIstioVersion(tag: string): IstioVersion | undefined {
  const groups = TAG.exec(tag)?.groups;
  if (!groups) {
    return undefined;
  }
  const suffixes = groups.rest.toLowerCase().split('-').filter(Boolean);
  const preReleases = suffixes.filter(suffix => PRE_RELEASE.test(suffix));
  const variant = suffixes.find(isVariant);
  const vendor = suffixes
    .filter(suffix => !PRE_RELEASE.test(suffix) && !isVariant(suffix))
    .flatMap(suffix => suffix.split('.'))
    .filter(Boolean);
  const names = vendor.filter(part => !BUILD.test(part));
  const builds = vendor.filter(part => BUILD.test(part));

  // `1.28` alone is a moving tag, not a version; `1.28-alpha.<sha>` is a build.
  const isMoving = groups.patch === undefined && preReleases.length === 0;
  // `1.30.3-1` is somebody's rebuild, but nobody can say whose.
  const isAnonymous = builds.length > 0 && names.length === 0;
  if (isMoving || isAnonymous) {
    return undefined;
  }
  return {
    raw: tag,
    major: Number(groups.major),
    minor: Number(groups.minor),
    patch: Number(groups.patch ?? 0),
    // Every name counts: `-solo` and `-solo-fips` are different products.
    family: names.join('-') || NATIVE_FAMILY,
    build: builds.join('.').replace(/v/g, '') || undefined,
    variant,
    preRelease: preReleases.join('.') || undefined,
  };
}

/**
 * Orders two versions of one family, oldest first; variants are equal.
 *
 * @throws TypeError when the families differ: such versions have no order.
 * @public
 */
export function compareIstioVersions(a: IstioVersion, b: IstioVersion): number {
  if (a.family !== b.family) {
    throw new TypeError(
      `Versions of different families cannot be compared: ${a.raw} and ${b.raw}`,
    );
  }
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePreReleases(a.preRelease, b.preRelease) ||
    compareDotted(a.build ?? '0', b.build ?? '0')
  );
}

/** The minor a version belongs to, e.g. `1.30`. @public */
export function minorOf(version: IstioVersion): string {
  return `${version.major}.${version.minor}`;
}

function isVariant(suffix: string): suffix is 'distroless' | 'debug' {
  return suffix === 'distroless' || suffix === 'debug';
}

function comparePreReleases(a?: string, b?: string): number {
  if (a === undefined || b === undefined) {
    // A pre-release comes before its release.
    return Number(a === undefined) - Number(b === undefined);
  }
  return compareDotted(a, b);
}

/**
 * Compares identifier by identifier as semver does, but takes what semver
 * refuses: an all-digit commit may begin with a zero.
 */
function compareDotted(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareIdentifiers(left[i], right[i]);
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
}
