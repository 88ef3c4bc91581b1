import assert from 'node:assert/strict';
import type {
  WorkloadFacetKey,
  WorkloadPage,
  WorkloadSort,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Product } from '../../../Product';
import type { Step } from '../../../Scenario';
import { readCsv } from '../readCsv';
import { allWorkloads, type Filter } from '../shown';

const SORTS: WorkloadSort[] = [
  ...(['name', 'namespace', 'cluster', 'version', 'pods', 'outdated'] as const),
  ...(['-name', '-pods', '-outdated'] as const),
];

/** Small and odd, so that pages end in the middle of everything. */
const PAGE = 7;

/** The values of a workload that a filter compares. */
const VALUES: Record<WorkloadFacetKey, (workload: WorkloadView) => string[]> = {
  mesh: ({ meshId }) => (meshId === undefined ? [] : [meshId]),
  cluster: ({ cluster }) => [cluster],
  namespace: ({ namespace }) => [namespace],
  kind: ({ kind }) => [kind],
  status: ({ status }) => [status],
  version: ({ versions }) => versions.map(({ version }) => version),
};

/** Pages, filters, counts and the export are all of the same list. */
export const listSteps: Step<object>[] = [
  {
    name: 'paging through every order shows each workload once',
    async run({ product }) {
      const { items: all, total } = await allWorkloads(product);
      assert.equal(all.length, total);
      const ids = all.map(({ id }) => id).sort();
      for (const sort of SORTS) {
        const paged = await allWorkloads(product, [['sort', sort]], PAGE);
        const seen = paged.items.map(({ id }) => id);
        assert.deepEqual([...seen].sort(), ids, `sorted by ${sort}`);
        assert(paged.pages > 1, `${total} workloads are one page`);
        assertOrder(sort, paged.items);
      }
    },
  },
  {
    name: 'each value of each filter leaves what has it, as the counts promise',
    async run({ product }) {
      const { items } = await allWorkloads(product);
      const { facets } = await product.get<WorkloadPage>(
        'ada',
        '/workloads?facets=true&limit=1',
      );
      for (const [key, values] of Object.entries(VALUES)) {
        const counted = countValues(items, values);
        assert.deepEqual(facets![key as WorkloadFacetKey], counted, key);
        for (const { value, count } of counted) {
          const left = await allWorkloads(product, [[key, value]]);
          assert.equal(left.total, count, `${key}=${value}`);
          left.items.forEach(one => assert(values(one).includes(value)));
        }
      }
    },
  },
  {
    name: 'values of one filter add up, filters together narrow, and each is counted under the others',
    async run({ product }) {
      const { items } = await allWorkloads(product);
      const [first, second] = countValues(items, VALUES.namespace);
      const [kind] = countValues(items, VALUES.kind);
      const filter: Filter = [
        ['namespace', first.value],
        ['namespace', second.value],
        ['kind', kind.value],
      ];
      const inOne = ({ namespace }: WorkloadView) =>
        [first.value, second.value].includes(namespace);
      const ofKind = (one: WorkloadView) => one.kind === kind.value;
      const left = await allWorkloads(product, filter);
      assert.equal(
        left.total,
        items.filter(one => inOne(one) && ofKind(one)).length,
      );
      const { facets } = await product.get<WorkloadPage>(
        'ada',
        `/workloads?${new URLSearchParams([...filter, ['facets', 'true']])}`,
      );
      assert.deepEqual(
        facets!.namespace,
        countValues(items.filter(ofKind), VALUES.namespace),
      );
      assert.deepEqual(
        facets!.kind,
        countValues(items.filter(inOne), VALUES.kind),
      );
    },
  },
  {
    name: 'text and what lags behind are found',
    async run({ product }) {
      const { items } = await allWorkloads(product);
      const word = items[0].name.slice(1, 5);
      const found = await allWorkloads(product, [['text', word]]);
      const byName = items.filter(({ name }) => name.includes(word));
      byName.forEach(({ id }) =>
        assert(
          found.items.some(one => one.id === id),
          `${id} by "${word}"`,
        ),
      );
      for (const outdated of [true, false]) {
        const { total } = await allWorkloads(product, [
          ['outdated', String(outdated)],
        ]);
        assert.equal(
          total,
          items.filter(one => one.outdated === outdated).length,
        );
      }
    },
  },
  {
    name: 'the export has the rows of the list',
    async run({ product }) {
      const { items } = await allWorkloads(product);
      const rows = readCsv(await product.text('ada', '/workloads.csv'));
      assert.deepEqual(
        rows.map(row =>
          [row.cluster, row.namespace, row.kind, row.name].join('/'),
        ),
        items.map(({ id }) => id),
      );
      rows.forEach((row, index) => assertSameRow(row, items[index]));
    },
  },
  {
    name: 'a filter that nothing has leaves an empty list, one that is none is refused',
    async run({ product }) {
      assert.equal(
        (await allWorkloads(product, [['namespace', 'nowhere']])).total,
        0,
      );
      for (const query of ['limit=0', 'sort=colour', 'cursor=made-up']) {
        assert.equal(await statusOf(product, query), 400, query);
      }
    },
  },
];

function countValues(
  items: WorkloadView[],
  values: (workload: WorkloadView) => string[],
): { value: string; count: number }[] {
  const all = items.flatMap(item => [...new Set(values(item))]);
  return [...new Set(all)].sort().map(value => ({
    value,
    count: all.filter(one => one === value).length,
  }));
}

/** Only orders whose key is one plain value; how versions are ordered is not of this list. */
function assertOrder(sort: WorkloadSort, items: WorkloadView[]): void {
  const keys: Partial<Record<string, (one: WorkloadView) => string | number>> =
    {
      name: ({ name }) => name,
      namespace: ({ namespace }) => namespace,
      cluster: ({ cluster }) => cluster,
      pods: ({ pods }) => pods.total,
      outdated: ({ outdated }) => (outdated ? 0 : 1),
    };
  const key = keys[sort.replace('-', '')];
  if (!key) {
    return;
  }
  const values = (sort.startsWith('-') ? [...items].reverse() : items).map(key);
  values.slice(1).forEach((value, index) => {
    assert(values[index] <= value, `${sort}: ${values[index]} before ${value}`);
  });
}

function assertSameRow(
  row: Record<string, string>,
  workload: WorkloadView,
): void {
  const expected: Record<string, unknown> = {
    status: workload.status,
    reason: workload.statusReason,
    sidecar: workload.sidecar,
    revision: workload.revision ?? '',
    desiredVersion: workload.desiredVersion ?? '',
    outdated: workload.outdated,
    pods: workload.pods.total,
    podsReady: workload.pods.ready,
    podsInjected: workload.pods.injected,
    podsAbnormal: workload.pods.abnormal,
    method: workload.method.kind,
    owners: workload.owners.join('; '),
    services: workload.services?.join('; ') ?? '',
  };
  for (const [column, value] of Object.entries(expected)) {
    assert.equal(row[column], String(value), `${workload.id} ${column}`);
  }
}

async function statusOf(product: Product, query: string): Promise<number> {
  return (await product.call('ada', 'GET', `/workloads?${query}`)).status;
}
