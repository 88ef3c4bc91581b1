import type { KnownTags } from '../types';

/**
 * The tags of several sources as one list. It is made when it is asked for:
 * most glances at a mesh see by the sources' ages that nothing changed.
 */
export function joinTags(told: {
  holdings: { name: string; tags: string[] }[];
  sources: KnownTags['sources'];
  operators: KnownTags['operators'];
}): KnownTags {
  const { holdings, sources, operators } = told;
  let holders: Map<string, string[]> | undefined;
  const join = () => {
    holders ??= namesByTag(holdings);
    return holders;
  };
  return {
    get tags() {
      return [...join().keys()];
    },
    sources,
    sourcesOf: tag => join().get(tag) ?? [],
    operators,
  };
}

function namesByTag(
  holdings: { name: string; tags: string[] }[],
): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const { name, tags } of holdings) {
    for (const tag of tags) {
      const names = holders.get(tag);
      if (names) {
        names.push(name);
      } else {
        holders.set(tag, [name]);
      }
    }
  }
  return holders;
}
