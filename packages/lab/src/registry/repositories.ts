/** Tags in registry order of each repository: newer, older, pre-release, variants and junk. */
export type Repositories = Record<string, string[]>;

/** Releases of the native family that the registry holds. */
export const NATIVE_RELEASES = [
  '1.27.8',
  '1.28.6',
  '1.29.2',
  '1.29.4',
  '1.30.0',
  '1.30.2',
  '1.30.3',
  '1.31.1',
];
const PRE_RELEASES = ['1.31.0-rc.0', '1.32.0-alpha.1'];
const VARIANTS = [
  '1.29.4-distroless',
  '1.30.3-debug',
  '1.30.3-distroless',
  '1.31.1-distroless',
];
/** Tags that name no version. */
const JUNK = [
  'latest',
  'nightly',
  'sha-4f2c81d',
  'v1',
  '1.30',
  'release-1.30-20260901',
];
/** Releases of the customised family. */
export const MSPIDER_RELEASES = [
  '1.27.8-mspider',
  '1.28.6-mspider',
  '1.29.2-mspider',
  '1.29.4-mspider',
  '1.30.3-mspider',
];

const native = [...NATIVE_RELEASES, ...PRE_RELEASES, ...VARIANTS, ...JUNK];
const mspider = [...MSPIDER_RELEASES, 'latest'];

/** The images and charts of both families. */
export const REPOSITORIES: Repositories = {
  'istio/pilot': native,
  'istio/proxyv2': native,
  'istio/install-cni': native,
  'istio/ztunnel': native,
  'mspider/pilot': mspider,
  'mspider/proxyv2': mspider,
  'charts/base': [...NATIVE_RELEASES],
  'charts/istiod': [...NATIVE_RELEASES],
  'charts/cni': [...NATIVE_RELEASES],
  'charts/ztunnel': [...NATIVE_RELEASES],
};

/** What a knob adds to the tags of a repository and takes from them. */
export interface TagChanges {
  extraTags?: number;
  tags?: string[];
  missingImages?: string[];
}

/** Tags in the order a registry lists them: by their bytes, not as versions. */
export function tagsOf(
  repository: string,
  { extraTags = 0, tags = [], missingImages = [] }: TagChanges = {},
): string[] | undefined {
  const known = REPOSITORIES[repository];
  const isImage = !repository.startsWith('charts/');
  return (
    known &&
    [
      ...known.filter(tag => !missingImages.includes(`${repository}:${tag}`)),
      ...(isImage ? [...tags, ...furtherTags(extraTags)] : []),
    ].sort()
  );
}

/** Old patch releases of no interest, as a registry of many years holds them. */
function furtherTags(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `1.${Math.floor(index / 100) % 25}.${1000 + index}`,
  );
}
