import assert from 'node:assert/strict';
import type {
  WorkloadDetail,
  WorkloadPage,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Answer, Product } from '../../Product';
import type { ExpectedWorkload } from './reader/expectWorkloads';

/** As many as one page holds. */
const PAGE = 500;
const AT_ONCE = 4;

/** Of a workload that was still in the list. */
const GONE = 404;

export type Filter = [string, string][];

/** Every workload that a filter leaves, page by page. */
export async function allWorkloads(
  product: Product,
  filter: Filter = [],
  limit = PAGE,
): Promise<{ items: WorkloadView[]; total: number; pages: number }> {
  const items: WorkloadView[] = [];
  let page: WorkloadPage | undefined;
  let pages = 0;
  do {
    const query: Filter = [
      ...filter,
      ['limit', String(limit)],
      ...(page?.nextCursor
        ? ([['cursor', page.nextCursor]] satisfies Filter)
        : []),
    ];
    page = await product.get<WorkloadPage>(
      'ada',
      `/workloads?${new URLSearchParams(query)}`,
    );
    items.push(...page.items);
    pages += 1;
  } while (page.nextCursor !== undefined);
  return { items, total: page.total, pages };
}

/** The part of a workload that the scenario can say by itself. */
export async function shownWorkloads(
  product: Product,
  filter: Filter = [],
): Promise<Omit<ExpectedWorkload, 'labels'>[]> {
  const { items } = await allWorkloads(product, filter);
  const answers: Answer[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    answers.push(
      ...(await Promise.all(
        items
          .slice(start, start + AT_ONCE)
          .map(({ id }) => product.call('ada', 'GET', `/workloads/${id}`)),
      )),
    );
  }
  return answers
    .filter(({ status, body }) => {
      assert([200, GONE].includes(status), JSON.stringify(body));
      return status === 200;
    })
    .map(({ body }) => comparable(body));
}

function comparable(detail: WorkloadDetail): Omit<ExpectedWorkload, 'labels'> {
  return {
    id: detail.id,
    status: detail.status,
    sidecar: detail.sidecar,
    revision: detail.revision,
    desiredVersion: detail.desiredVersion,
    versions: detail.versions,
    pods: {
      total: detail.pods.total,
      ready: detail.pods.ready,
      injected: detail.pods.injected,
      abnormal: detail.pods.abnormal ?? 0,
    },
    outdated: detail.outdated,
    method: detail.method.kind,
    resources: detail.resources,
    services: detail.services,
    podList: detail.podList.map(({ problem, ...pod }) => ({
      name: pod.name,
      uid: pod.uid,
      phase: pod.phase,
      ready: pod.ready,
      node: pod.node,
      sidecar: pod.sidecar,
      version: pod.version,
      image: pod.image,
      revision: pod.revision,
      createdAt: pod.createdAt,
      troubled: problem !== undefined,
    })),
  };
}
