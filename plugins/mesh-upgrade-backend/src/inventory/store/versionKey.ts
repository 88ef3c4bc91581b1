import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Behind every version: texts that are none, and then workloads without a proxy. */
const UNREADABLE = '8';
const NO_PROXY = '9';

const DIGITS = 5;

/**
 * The oldest of some proxy versions, in a form that sorts as text. Versions
 * that cannot be read are not compared, they come after all others.
 */
export function versionKey(versions: string[]): string {
  return versions.map(keyOf).sort()[0] ?? NO_PROXY;
}

function keyOf(text: string): string {
  const version = parseIstioVersion(text);
  if (!version) {
    return `${UNREADABLE} ${text}`;
  }
  const numbers = [version.major, version.minor, version.patch]
    .map(part => String(part).padStart(DIGITS, '0'))
    .join('.');
  return `${numbers} ${version.preRelease ? 0 : 1} ${text}`;
}
