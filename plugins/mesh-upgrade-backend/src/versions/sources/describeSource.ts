import {
  parseIstioVersion,
  type VersionSourceView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { SourceAnswer, SourceRecord, VersionSource } from './types';

/** Answers are kept as long as they are right; their tags are taken apart once. */
const counts = new WeakMap<SourceAnswer, number>();

/** A source as people see it. */
export function describeSource(
  source: Pick<VersionSource, 'kind' | 'name'>,
  record: SourceRecord | undefined,
): VersionSourceView {
  const { answer, seenAt, error, retryAt } = record ?? {};
  return {
    kind: source.kind,
    source: source.name,
    seenAt: seenAt?.toISOString(),
    error,
    ...(answer && {
      tags: answer.tags.length,
      ignoredTags: countIgnored(answer),
    }),
    ...(answer?.mirror && { mirror: answer.mirror }),
    ...(retryAt && { retryAt: retryAt.toISOString() }),
  };
}

function countIgnored(answer: SourceAnswer): number {
  const known = counts.get(answer);
  if (known !== undefined) {
    return known;
  }
  const count = answer.tags.filter(tag => !parseIstioVersion(tag)).length;
  counts.set(answer, count);
  return count;
}
