import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesObject } from '../../clusters/types';

const NAMED = 5;

/** Items of a list do not tell their kind themselves. */
export function checkedObject(
  kind: string,
  { metadata: { namespace, name } }: KubernetesObject,
): CheckedObject {
  return { kind, ...(namespace !== undefined && { namespace }), name };
}

/** e.g. `EnvoyFilter shop/lua`. */
export function nameOf({ kind, namespace, name }: CheckedObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** The first few by name, and how many more there are. */
export function nameAll(objects: CheckedObject[]): string {
  const names = objects.map(nameOf).sort();
  const rest = names.length - NAMED;
  return rest > 0
    ? `${names.slice(0, NAMED).join(', ')} and ${rest} more`
    : names.join(', ');
}

/** e.g. `1 EnvoyFilter`, `2 EnvoyFilters`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
