import type { SupportView } from '../types';
import { minorOf, NATIVE_FAMILY, parseIstioVersion } from './IstioVersion';
import { supportMatrixRow, type MatrixChoice } from './supportMatrix';

const DAY_MS = 24 * 60 * 60 * 1000;
const ENDING_SOON_DAYS = 60;

/**
 * How long the Istio project supports a version. Pre-releases are never
 * supported, so nothing is known of them; the date of a vendor's version is
 * that of its base version and therefore an estimate.
 *
 * @public
 */
export function supportOf(
  version: string | undefined,
  now: Date,
  choice: MatrixChoice = {},
): SupportView {
  const istio = parseIstioVersion(version ?? '');
  const row = istio && supportMatrixRow(minorOf(istio), choice);
  if (!istio || istio.preRelease || !row?.endOfLife) {
    return { state: 'unknown' };
  }
  const end = Date.parse(`${row.endOfLife}T00:00:00Z`) + DAY_MS;
  const left = end - now.getTime();
  return {
    state: stateOf(left),
    until: row.endOfLife,
    estimated: row.estimated === true || istio.family !== NATIVE_FAMILY,
  };
}

function stateOf(left: number): SupportView['state'] {
  if (left <= 0) {
    return 'ended';
  }
  return left < ENDING_SOON_DAYS * DAY_MS ? 'endingSoon' : 'supported';
}
