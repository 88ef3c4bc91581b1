import type { KubernetesVerdict } from '../types';
import { minorOf, parseIstioVersion } from './IstioVersion';
import { supportMatrixRow, type MatrixChoice } from './supportMatrix';

/**
 * Judges the Kubernetes version of a cluster for an Istio version. Vendor
 * families are judged by the version they are built on.
 *
 * Without a published range only "too low for the installer" can be said;
 * everything else is `unknown`, as is an unreadable version on either side.
 *
 * @public
 */
export function kubernetesSupport(
  istioVersion: string,
  kubernetesVersion: string | undefined,
  choice: MatrixChoice = {},
): KubernetesVerdict {
  const istio = parseIstioVersion(istioVersion);
  const kubernetes = parseMinor(kubernetesVersion);
  const row = istio && supportMatrixRow(minorOf(istio), choice);
  if (!kubernetes || !row) {
    return 'unknown';
  }
  const min = row.kubernetes?.min ?? row.installFloor;
  if (min && isBelow(kubernetes, min)) {
    return 'tooLow';
  }
  if (!row.kubernetes) {
    return 'unknown';
  }
  return isAbove(kubernetes, row.kubernetes.max) ? 'tooHigh' : 'ok';
}

/**
 * The supported Kubernetes minors of an Istio version, both ends included;
 * undefined while none are published.
 *
 * @public
 */
export function kubernetesRange(
  istioVersion: string,
  choice: MatrixChoice = {},
): { min: string; max: string } | undefined {
  const istio = parseIstioVersion(istioVersion);
  return istio && supportMatrixRow(minorOf(istio), choice)?.kubernetes;
}

interface Minor {
  major: number;
  minor: number;
}

/** Takes what API servers really say: `v1.34.2`, `v1.31.4-gke.1200`, `1.30+`. */
function parseMinor(version: string | undefined): Minor | undefined {
  const match = /^v?(\d{1,9})\.(\d{1,9})(?!\d)/.exec(version ?? '');
  return match
    ? { major: Number(match[1]), minor: Number(match[2]) }
    : undefined;
}

function isBelow(version: Minor, bound: string): boolean {
  return order(version, bound) < 0;
}

function isAbove(version: Minor, bound: string): boolean {
  return order(version, bound) > 0;
}

function order(version: Minor, bound: string): number {
  const [major, minor] = bound.split('.').map(Number);
  return version.major - major || version.minor - minor;
}
