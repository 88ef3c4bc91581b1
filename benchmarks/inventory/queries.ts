import type {
  WorkloadPage,
  WorkloadSort,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KeepAliveClient } from './KeepAliveClient';
import { pick } from './random';

const SORTS: WorkloadSort[] = [
  'outdated',
  'name',
  'namespace',
  'cluster',
  'version',
  'pods',
].flatMap(key => [key, `-${key}`] as WorkloadSort[]);

const DEEP_PAGES = 10;
const PAGE = 500;

/** Something a user asks about workloads, and a new question of it each time. */
export interface QueryKind {
  name: string;
  /** Below `/api/mesh-upgrade`. */
  path(random: () => number): string;
}

/** Values that exist, to ask for. */
interface Known {
  facets: NonNullable<WorkloadPage['facets']>;
  owners: string[];
  ids: string[];
  /** Where the 5,000th row of an order is. */
  cursors: Map<WorkloadSort, string>;
}

/** Every way in which the workload list is asked, and the detail of a workload. */
export async function workloadQueries(
  client: KeepAliveClient,
): Promise<QueryKind[]> {
  const known = await learn(client);
  const filter = (name: string, values: string[]): QueryKind => ({
    name: `filter by ${name}`,
    path: random => list({ [name]: pick(values, random) }),
  });
  const values = (name: keyof Known['facets']) =>
    known.facets[name].map(({ value }) => value);
  return [
    { name: 'first page', path: () => list({}) },
    {
      name: 'text of one word',
      path: random => list({ text: `load-0${digits(random, 2)}` }),
    },
    {
      name: 'text of two words',
      path: random =>
        list({
          text: `${pick(values('cluster'), random)} ${digits(random, 2)}`,
        }),
    },
    {
      name: 'text that nothing has',
      path: random => list({ text: `nowhere-${digits(random, 3)}` }),
    },
    filter('mesh', values('mesh')),
    filter('cluster', values('cluster')),
    filter('namespace', values('namespace')),
    filter('kind', values('kind')),
    filter('status', values('status')),
    filter('version', values('version')),
    filter('owner', known.owners),
    filter('outdated', ['true', 'false']),
    {
      name: 'filters together',
      path: random =>
        list({
          cluster: pick(values('cluster'), random),
          namespace: pick(values('namespace'), random),
          status: pick(values('status'), random),
          outdated: 'true',
        }),
    },
    { name: 'sort', path: random => list({ sort: pick(SORTS, random) }) },
    {
      name: 'page after 5,000 rows',
      path: random => {
        const sort = pick(SORTS, random);
        return list({ sort, cursor: known.cursors.get(sort)! });
      },
    },
    { name: 'facets', path: () => list({ facets: 'true' }) },
    {
      name: 'facets under filters and text',
      path: random =>
        list({
          facets: 'true',
          mesh: pick(values('mesh'), random),
          text: `load-0${digits(random, 1)}`,
        }),
    },
    {
      name: 'detail',
      path: random => `/workloads/${pick(known.ids, random)}`,
    },
  ];
}

async function learn(client: KeepAliveClient): Promise<Known> {
  const { facets, items } = await client.get<WorkloadPage>(
    list({ facets: 'true', limit: `${PAGE}` }),
  );
  const cursors = new Map<WorkloadSort, string>();
  const ids = items.map(({ id }) => id);
  for (const sort of SORTS) {
    let cursor: string | undefined;
    for (let page = 0; page < DEEP_PAGES; page += 1) {
      const answer: WorkloadPage = await client.get(
        list({ sort, limit: `${PAGE}`, ...(cursor && { cursor }) }),
      );
      cursor = answer.nextCursor;
      ids.push(...answer.items.map(({ id }) => id));
    }
    if (cursor === undefined) {
      throw new Error(`There are no ${DEEP_PAGES * PAGE} workloads to page`);
    }
    cursors.set(sort, cursor);
  }
  return {
    facets: facets!,
    owners: [
      ...new Set(
        (await ownedBySomebody(client)).flatMap(({ owners }) => owners),
      ),
    ],
    ids: [...new Set(ids)],
    cursors,
  };
}

/** The demo's components own the workloads of its four teams. */
async function ownedBySomebody(client: KeepAliveClient) {
  const { items } = await client.get<WorkloadPage>(
    list({ text: 'storefront', limit: `${PAGE}` }),
  );
  return items;
}

function list(query: Record<string, string>): string {
  return `/workloads?${new URLSearchParams(query)}`;
}

function digits(random: () => number, count: number): string {
  return String(Math.floor(random() * 10 ** count)).padStart(count, '0');
}
