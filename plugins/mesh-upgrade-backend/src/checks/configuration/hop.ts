import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

const FIRST_MAJOR = 1;

/** Number of the minor, e.g. 30; undefined for what is no version of Istio 1. */
export function minorNumber(version: string | undefined): number | undefined {
  const parsed = version === undefined ? undefined : parseIstioVersion(version);
  return parsed?.major === FIRST_MAJOR ? parsed.minor : undefined;
}

/**
 * Numbers of the minors whose changes an upgrade brings, oldest first. From an
 * unknown version at least those of the target's minor; none within a minor.
 */
export function minorsOnTheWay(
  from: string | undefined,
  target: string,
): number[] {
  const last = minorNumber(target);
  if (last === undefined) {
    return [];
  }
  const first = (minorNumber(from) ?? last - 1) + 1;
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => first + i,
  );
}
