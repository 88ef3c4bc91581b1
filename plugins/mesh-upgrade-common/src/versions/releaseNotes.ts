import { minorOf, NATIVE_FAMILY, parseIstioVersion } from './IstioVersion';

const NEWS = 'https://istio.io/latest/news/releases';

/**
 * Address of the Istio project's announcement of a release; undefined for
 * pre-releases and for versions of vendors, who announce their own.
 *
 * @public
 */
export function releaseNotesUrl(version: string): string | undefined {
  const istio = parseIstioVersion(version);
  if (!istio || istio.preRelease || istio.family !== NATIVE_FAMILY) {
    return undefined;
  }
  const minor = minorOf(istio);
  const release = istio.patch === 0 ? minor : `${minor}.${istio.patch}`;
  return `${NEWS}/${minor}.x/announcing-${release}/`;
}
