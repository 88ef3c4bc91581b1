import {
  compareIstioVersions,
  parseIstioVersion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Distinct and ascending; versions of several families are ordered family by family, unreadable ones as text. */
export function sortVersions(versions: string[]): string[] {
  return [...new Set(versions)].sort((a, b) => {
    const [left, right] = [parseIstioVersion(a), parseIstioVersion(b)];
    if (left && right && left.family === right.family) {
      return compareIstioVersions(left, right);
    }
    const [leftKey, rightKey] = [left?.family ?? a, right?.family ?? b];
    return leftKey < rightKey ? -1 : 1;
  });
}

/** Undefined for equal versions and for those that cannot be compared: unreadable ones, and several families. */
export function newerOf(a: string, b: string): string | undefined {
  const [left, right] = [parseIstioVersion(a), parseIstioVersion(b)];
  if (!left || !right || left.family !== right.family) {
    return undefined;
  }
  const order = compareIstioVersions(left, right);
  if (order === 0) {
    return undefined;
  }
  return order > 0 ? a : b;
}
