import type { VersionSourceView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Sources are asked every few minutes; a day without an answer is more than a short trouble. */
const OLD_MS = 24 * 60 * 60 * 1000;

/**
 * Why newer versions may exist unseen, in one sentence; undefined while some
 * source answers. A list in the configuration answers always and tells nothing
 * about the others.
 */
export function versionsProblem(
  sources: VersionSourceView[],
  now: Date,
): string | undefined {
  const asked = sources.filter(({ kind }) => kind !== 'static');
  if (sources.length === 0) {
    return 'No source of versions is known: no control plane tells its image hub, and none is configured.';
  }
  if (asked.length === 0) {
    return undefined;
  }
  const errors = asked.flatMap(({ error }) => error ?? []);
  const seen = asked.flatMap(({ seenAt }) => seenAt ?? []).sort();
  const newest = seen.at(-1);
  if (errors.length === asked.length) {
    return newest
      ? `No source of versions has answered since ${newest}: ${errors.join(
          ' · ',
        )}`
      : `No source of versions has answered: ${errors.join(' · ')}`;
  }
  return newest && now.getTime() - Date.parse(newest) > OLD_MS
    ? `The versions are those of ${newest}; the sources have not been asked since.`
    : undefined;
}
