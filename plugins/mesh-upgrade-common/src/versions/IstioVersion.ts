import semver from 'semver';

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
  /** Image variant; says nothing about the version. */
  variant?: 'distroless' | 'debug';
  /** e.g. `rc.0`, `beta.1`, `alpha.<sha>`. */
  preRelease?: string;
}

const TAG =
  /^v?(?<major>\d+)\.(?<minor>\d+)(?:\.(?<patch>\d+))?(?<rest>(?:-[0-9A-Za-z.]+)*)$/;
const PRE_RELEASE = /^(?:alpha|beta|rc|dev|pre|snapshot)(?:[.\d].*)?$/i;
const VARIANTS = new Set(['distroless', 'debug']);

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
  const suffixes = groups.rest.split('-').filter(Boolean);
  const preRelease = suffixes.find(suffix => PRE_RELEASE.test(suffix));
  const variant = suffixes.find(suffix => VARIANTS.has(suffix)) as
    | IstioVersion['variant']
    | undefined;
  const vendor = suffixes.filter(
    suffix => suffix !== preRelease && suffix !== variant,
  );
  // `1.28` alone is a moving tag, not a version; `1.28-alpha.<sha>` is a build.
  if (groups.patch === undefined && preRelease === undefined) {
    return undefined;
  }
  return {
    raw: tag,
    major: Number(groups.major),
    minor: Number(groups.minor),
    patch: Number(groups.patch ?? 0),
    // `asm.4` and `asm.5` are builds of one family.
    family: vendor[0]?.split('.')[0].toLowerCase() ?? NATIVE_FAMILY,
    variant,
    preRelease,
  };
}

/**
 * Orders two versions of one family; variants are equal.
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
  return semver.compare(toSemver(a), toSemver(b)) || compareBuilds(a, b);
}

/** `1.30` @public */
export function minorOf(version: IstioVersion): string {
  return `${version.major}.${version.minor}`;
}

function toSemver(version: IstioVersion): string {
  const core = `${version.major}.${version.minor}.${version.patch}`;
  return version.preRelease ? `${core}-${version.preRelease}` : core;
}

function compareBuilds(a: IstioVersion, b: IstioVersion): number {
  return vendorBuild(a) - vendorBuild(b);
}

/** The number in a vendor suffix such as `-asm.4`; 0 without one. */
function vendorBuild(version: IstioVersion): number {
  if (version.family === NATIVE_FAMILY) {
    return 0;
  }
  const match = new RegExp(`-${version.family}\\.(\\d+)`, 'i').exec(version.raw);
  return match ? Number(match[1]) : 0;
}
