import { MSPIDER_RELEASES, NATIVE_RELEASES } from '../registry/repositories';

/** Minor versions that the operator still knows by name but refuses to install. */
const END_OF_LIFE_MINORS = ['1.27'];
/** An end-of-life name that no registry holds any more. */
const FORMER = 'v1.27.0';

const ALIAS = /^v(\d+\.\d+)-latest$/;

/** The names that the operator of a cluster accepts in `spec.version`, newest first. */
export function acceptedVersions(family: 'native' | 'mspider'): string[] {
  const releases = family === 'native' ? NATIVE_RELEASES : MSPIDER_RELEASES;
  const names = [...releases].reverse().map(release => `v${release}`);
  const minors = new Set(releases.map(minorOf));
  const aliases =
    family === 'native'
      ? [...minors].reverse().map(minor => `v${minor}-latest`)
      : [];
  return [...aliases, ...names, ...(family === 'native' ? [FORMER] : [])];
}

/** The release that a name stands for: an alias is the newest patch of its minor version. */
export function resolveVersion(name: string): string {
  const minor = ALIAS.exec(name)?.[1];
  return minor
    ? [...NATIVE_RELEASES]
        .reverse()
        .find(release => minorOf(release) === minor) ?? minor
    : name.replace(/^v/, '');
}

export function isEndOfLife(name: string): boolean {
  return END_OF_LIFE_MINORS.includes(minorOf(resolveVersion(name)));
}

function minorOf(release: string): string {
  return release.split('.').slice(0, 2).join('.');
}
