import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../../kubernetes/resources';
import type { Draft, KubeObject } from '../../kubernetes/types';
import type { ChartRelease } from './Charts';

/** What an operator leaves on the objects of a release. */
export type Marks = Pick<
  ChartRelease,
  'labels' | 'annotations' | 'owner' | 'application'
>;

/** An object with the marks of who installed it, beside those it has. */
export function withMarks<T extends KubeObject | Draft>(
  resource: Resource,
  object: T,
  { labels, annotations, owner, application }: Marks,
): T {
  const { metadata } = object;
  const marked = {
    ...metadata,
    labels: { ...metadata.labels, ...labels },
    annotations: {
      ...metadata.annotations,
      ...annotations,
      ...(application && {
        'argocd.argoproj.io/tracking-id': trackingId(
          application,
          resource,
          metadata,
        ),
      }),
    },
    ...(owner && { ownerReferences: [owner] }),
  };
  return isDeepStrictEqual(marked, metadata)
    ? object
    : { ...object, metadata: marked };
}

/** How Argo CD tells which Application an object belongs to. */
function trackingId(
  application: string,
  { group, kind }: Resource,
  { namespace = '', name = '' }: Draft['metadata'],
): string {
  return `${application}:${group}/${kind}:${namespace}/${name}`;
}
