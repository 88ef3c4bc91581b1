import {
  compareIstioVersions,
  parseIstioVersion,
  type MeshView,
  type TargetVersions,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** What the exclamation mark tells; undefined when nothing newer is known. */
export function describeUpgrade(targets: TargetVersions): MeshView['upgrade'] {
  const newer = [
    ...targets.offered.map(({ version }) => version),
    ...targets.refused
      .filter(({ code }) => code === 'tooFar')
      .map(({ version }) => version),
  ].flatMap(tag => parseIstioVersion(tag) ?? []);
  const newest = newer.sort(compareIstioVersions).at(-1);
  const seenAt = targets.sources
    .flatMap(source => source.seenAt ?? [])
    .sort()
    .at(-1);
  return newest && seenAt
    ? {
        newest: newest.raw,
        recommended: targets.offered.find(({ recommended }) => recommended)
          ?.version,
        seenAt,
      }
    : undefined;
}
