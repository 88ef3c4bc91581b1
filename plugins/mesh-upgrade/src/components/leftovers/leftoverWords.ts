import type { LeftoverView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** An object as people write it: its kind, its namespace where it has one, and its name. */
export function leftoverName(leftover: LeftoverView): string {
  const { kind, namespace, name } = leftover;
  return `${kind} ${namespace ? `${namespace}/${name}` : name}`;
}
