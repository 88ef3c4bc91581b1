import {
  newestVersion,
  refuseTarget,
  type MeshView,
  type TargetVersions,
  type UpgradePosition,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** What the exclamation mark tells; undefined when the registry holds nothing newer. */
export function describeUpgrade(
  position: UpgradePosition,
  targets: TargetVersions,
): MeshView['upgrade'] {
  const newest = newestVersion(position.tags, position.family);
  const seenAt = targets.sources
    .flatMap(source => source.seenAt ?? [])
    .sort()
    .at(-1);
  if (!newest || !seenAt) {
    return undefined;
  }
  // Too far in one hop is still newer; the wizard explains the way.
  const refusal = refuseTarget(newest, position);
  if (refusal && refusal.code !== 'tooFar') {
    return undefined;
  }
  return {
    newest,
    recommended: targets.offered.find(({ recommended }) => recommended)
      ?.version,
    seenAt,
  };
}
