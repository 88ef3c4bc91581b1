import type { ClusterAccess } from '../../../ClusterAccess';
import type { KubeObject } from './types';

/** A revision tag, and how many namespaces ask for it by name. */
export interface ExpectedTag {
  tag: string;
  revision: string;
  namespaces: number;
}

const TAG = 'istio.io/tag';
const REVISION = 'istio.io/rev';
const DEFAULTED = 'istio-injection';
const DEFAULT = 'default';

/** As `istioctl tag list` tells; a simulated cluster is read instead. */
export async function expectTags(
  cluster: ClusterAccess,
): Promise<ExpectedTag[]> {
  const { items } = await cluster.get<{ items: KubeObject[] }>(
    '/api/v1/namespaces',
  );
  const byDefault = items.filter(
    ({ metadata }) => metadata.labels?.[DEFAULTED] === 'enabled',
  ).length;
  return (await namedTags(cluster, items)).map(tag =>
    // Namespaces that just ask for injection are served by this tag too; it is not how istioctl counts.
    tag.tag === DEFAULT
      ? { ...tag, namespaces: tag.namespaces + byDefault }
      : tag,
  );
}

async function namedTags(
  cluster: ClusterAccess,
  namespaces: KubeObject[],
): Promise<ExpectedTag[]> {
  if (cluster.tools) {
    const tags: { tag: string; revision: string; namespaces: string[] }[] =
      JSON.parse(
        await cluster.tools.istioctl('tag', 'list', '--output', 'json'),
      );
    return tags
      .filter(({ tag }) => tag !== '')
      .map(({ tag, revision, namespaces: users }) => ({
        tag,
        revision,
        namespaces: users?.length ?? 0,
      }));
  }
  const { items } = await cluster.get<{ items: KubeObject[] }>(
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  );
  return items
    .filter(({ metadata }) => metadata.labels?.[TAG] !== undefined)
    .map(({ metadata }) => ({
      tag: metadata.labels![TAG],
      revision: metadata.labels![REVISION],
      namespaces: namespaces.filter(
        one => one.metadata.labels?.[REVISION] === metadata.labels![TAG],
      ).length,
    }));
}
