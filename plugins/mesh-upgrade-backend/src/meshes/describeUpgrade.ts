import {
  newestVersion,
  parseIstioVersion,
  type MeshView,
  type TargetVersions,
  type VersionSourceView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** What the exclamation mark tells. */
export type UpgradeHint = NonNullable<MeshView['upgrade']>;

/** Undefined when no source holds anything newer that may be upgraded to. */
export function describeUpgrade(
  targets: Pick<TargetVersions, 'offered' | 'refused'>,
  sources: VersionSourceView[],
): UpgradeHint | undefined {
  const { offered, refused } = targets;
  // Too far in one hop is still newer; the wizard explains the way.
  const ahead = [
    ...offered,
    ...refused.filter(({ code }) => code === 'tooFar'),
  ].map(({ version }) => version);
  const family = parseIstioVersion(ahead[0] ?? '')?.family;
  const newest = family && newestVersion(ahead, family);
  const seenAt = sources
    .flatMap(source => source.seenAt ?? [])
    .sort()
    .at(-1);
  return newest && seenAt
    ? {
        newest,
        recommended: offered.find(({ recommended }) => recommended)?.version,
        seenAt,
      }
    : undefined;
}
