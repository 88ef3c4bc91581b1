import { KubernetesError } from '../../clusters/KubernetesError';
import type {
  KubernetesClient,
  KubernetesObject,
  ListPage,
  WatchEvent,
} from '../../clusters/types';
import type { BackoffPolicy } from './Pause';
import { ResourceReflector } from './ResourceReflector';

type Answer<T> = T | Error;

/** One watch: events, then an end (or the error); `open` keeps it open until aborted. */
interface ScriptedWatch {
  events?: WatchEvent<KubernetesObject>[];
  error?: Error;
  open?: boolean;
}

const RESOURCE = { group: '', version: 'v1', resource: 'pods' };

function object(name: string, resourceVersion: string): KubernetesObject {
  return { metadata: { name, namespace: 'shop', resourceVersion } };
}

function page(
  resourceVersion: string,
  ...names: string[]
): ListPage<KubernetesObject> {
  return {
    resourceVersion,
    items: names.map(name => object(name, resourceVersion)),
  };
}

function failure(
  status: number | undefined,
  words = 'the words of the server',
) {
  return new KubernetesError({
    cluster: 'prod',
    action: 'list pods',
    status,
    serverMessage: words,
  });
}

/** Plays lists and watches in the order given and notes what was asked. */
function scriptedClient(script: {
  lists: Answer<ListPage<KubernetesObject>[]>[];
  watches: ScriptedWatch[];
  serves?: boolean[];
  minor?: string;
}) {
  const asked: string[] = [];
  const client = {
    cluster: 'prod',
    async version() {
      return { minor: script.minor ?? '34' };
    },
    async serves() {
      return script.serves?.shift() ?? true;
    },
    async *list(_: unknown, options: { limit?: number }) {
      asked.push(options.limit ? `list ${options.limit}` : 'list');
      const answer = script.lists.shift() ?? failure(500, 'the script is over');
      if (answer instanceof Error) {
        throw answer;
      }
      yield* answer;
    },
    async *watch(
      _: unknown,
      options: { resourceVersion?: string; signal: AbortSignal },
    ) {
      asked.push(`watch ${options.resourceVersion ?? 'from the beginning'}`);
      const watch = script.watches.shift() ?? { open: true };
      yield* watch.events ?? [];
      if (watch.error) {
        throw watch.error;
      }
      if (watch.open) {
        await new Promise(resolve =>
          options.signal.addEventListener('abort', resolve),
        );
      }
    },
  } as unknown as KubernetesClient;
  return { client, asked };
}

async function reflect(
  script: Parameters<typeof scriptedClient>[0],
  until: (seen: {
    asked: string[];
    told: string[];
    held: Set<string>;
  }) => boolean,
  options: {
    optional?: boolean;
    streamed?: boolean;
    backoff?: BackoffPolicy;
  } = {},
) {
  const { client, asked } = scriptedClient(script);
  const held = new Set<string>();
  const told: string[] = [];
  const reflector = new ResourceReflector<KubernetesObject>({
    client,
    resource: RESOURCE,
    optional: options.optional,
    streamed: options.streamed,
    backoff: options.backoff ?? { initialMs: 1, maxMs: 5 },
    sink: {
      upsert: ({ metadata }) => held.add(metadata.name),
      remove: ({ metadata }) => held.delete(metadata.name),
      retainOnly: keys =>
        [...held]
          .filter(name => !keys.has(`shop/${name}`))
          .forEach(name => held.delete(name)),
    },
    observer: {
      listed: () => told.push('listed'),
      working: () => told.at(-1) !== 'working' && told.push('working'),
      failed: error => told.push(`failed: ${(error as Error).message}`),
    },
  });
  const stopping = new AbortController();
  const run = reflector.run(stopping.signal);
  const deadline = Date.now() + 5_000;
  while (!until({ asked, told, held }) && Date.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  stopping.abort();
  await run;
  return { asked, told, held: [...held].sort() };
}

describe('ResourceReflector', () => {
  it('continues an ended watch from the last version it saw, without a list', async () => {
    const { asked, held, told } = await reflect(
      {
        lists: [[page('10', 'a'), page('10', 'b')]],
        watches: [
          {
            events: [
              { type: 'ADDED', object: object('c', '11') },
              { type: 'DELETED', object: object('a', '12') },
              { type: 'BOOKMARK', resourceVersion: '40' },
            ],
          },
          {
            events: [{ type: 'MODIFIED', object: object('d', '41') }],
            open: true,
          },
        ],
      },
      seen => seen.held.has('d'),
    );
    expect(asked).toEqual(['list', 'watch 10', 'watch 40']);
    expect(held).toEqual(['b', 'c', 'd']);
    expect(told).toEqual(['listed', 'working']);
  });

  const END = {
    type: 'BOOKMARK',
    resourceVersion: '20',
    initialEventsEnd: true,
  } as const;

  it('is told what exists by the watch where the server can, again after 410', async () => {
    const { asked, held, told } = await reflect(
      {
        lists: [],
        watches: [
          {
            events: [
              { type: 'ADDED', object: object('a', '3') },
              { type: 'ADDED', object: object('b', '9') },
              END,
              { type: 'ADDED', object: object('c', '21') },
            ],
          },
          { error: failure(410, 'too old resource version') },
          {
            events: [{ type: 'ADDED', object: object('c', '21') }, END],
            open: true,
          },
        ],
      },
      seen => seen.held.size === 1 && seen.asked.length === 3,
      { streamed: true },
    );
    expect(asked).toEqual([
      'watch from the beginning',
      'watch 21',
      'watch from the beginning',
    ]);
    expect(held).toEqual(['c']);
    expect(told.filter(line => line.startsWith('failed'))).toEqual([]);
  });

  it.each([
    ['refuses to', { error: failure(422, 'sendInitialEvents is forbidden') }],
    ['ends before all was told', { events: [] }],
  ])('lists page by page where the server %s', async (_, first) => {
    const { asked, held, told } = await reflect(
      { lists: [[page('10', 'a')]], watches: [first, { open: true }] },
      seen => seen.asked.length === 3,
      { streamed: true },
    );
    expect(asked).toEqual(['watch from the beginning', 'list', 'watch 10']);
    expect(held).toEqual(['a']);
    expect(told[0]).toBe('listed');
  });

  it('does not ask servers that would not refuse what they do not know', async () => {
    const { asked } = await reflect(
      { minor: '26+', lists: [[page('10', 'a')]], watches: [{ open: true }] },
      seen => seen.asked.length === 2,
      { streamed: true },
    );
    expect(asked).toEqual(['list', 'watch 10']);
  });

  it('lists again when the version is too old, and finds what was deleted meanwhile', async () => {
    const { asked, held, told } = await reflect(
      {
        lists: [[page('10', 'a', 'b')], [page('90', 'b', 'c')]],
        watches: [
          { error: failure(410, 'too old resource version') },
          { open: true },
        ],
      },
      seen => seen.asked.length === 4,
    );
    expect(asked).toEqual(['list', 'watch 10', 'list', 'watch 90']);
    expect(held).toEqual(['b', 'c']);
    expect(told.filter(line => line.startsWith('failed'))).toEqual([]);
  });

  it('tells a failure, keeps what it has, proves the way back and resumes the watch', async () => {
    const { asked, held, told } = await reflect(
      {
        lists: [
          [page('10', 'a')],
          failure(undefined, 'connect ECONNREFUSED'),
          [page('50', 'a')],
        ],
        watches: [
          { error: failure(undefined, 'socket hang up') },
          {
            events: [{ type: 'ADDED', object: object('b', '51') }],
            open: true,
          },
        ],
      },
      seen => seen.held.has('b'),
    );
    expect(asked).toEqual(['list', 'watch 10', 'list 1', 'list 1', 'watch 10']);
    expect(held).toEqual(['a', 'b']);
    expect(told).toEqual([
      'listed',
      'working',
      expect.stringContaining('socket hang up'),
      expect.stringContaining('connect ECONNREFUSED'),
      'working',
    ]);
  });

  it('removes nothing when a list breaks off', async () => {
    const broken = {
      *[Symbol.iterator]() {
        yield page('20', 'a');
        throw failure(500);
      },
    } as unknown as ListPage<KubernetesObject>[];
    const { held, told } = await reflect(
      {
        lists: [[page('10', 'a', 'b')], broken, [page('30', 'a')]],
        watches: [{ error: failure(410) }, { open: true }],
      },
      seen => seen.told.filter(line => line === 'listed').length === 2,
    );
    expect(told).toContainEqual(expect.stringContaining('failed'));
    expect(held).toEqual(['a']);
  });

  it('takes an optional resource that is not served for an empty one, and looks again', async () => {
    const { asked, held, told } = await reflect(
      { serves: [false, true], lists: [[page('10', 'a')]], watches: [] },
      seen => seen.held.has('a'),
      { optional: true },
    );
    expect(told.slice(0, 2)).toEqual(['listed', 'working']);
    expect(asked[0]).toBe('list');
    expect(held).toEqual(['a']);
  });

  it.each([401, 403])(
    'asks a server that answers %i ever less often',
    async status => {
      const refusals = Array.from({ length: 1_000 }, () => failure(status));
      const startedAt = performance.now();
      const { asked, told } = await reflect(
        { lists: refusals, watches: [] },
        () => performance.now() - startedAt > 600,
        { backoff: { initialMs: 10, maxMs: 10_000 } },
      );
      // 10, 20, 40 ... 320 ms, each at least three quarters of it.
      expect(asked.length).toBeGreaterThan(3);
      expect(asked.length).toBeLessThan(9);
      expect(new Set(told)).toEqual(
        new Set([
          `failed: Cluster 'prod', list pods: the words of the server (${status})`,
        ]),
      );
    },
  );

  it('does not hammer a server that drops every watch at once', async () => {
    const startedAt = Date.now();
    const { asked } = await reflect(
      {
        lists: [[page('10')]],
        watches: Array.from({ length: 1_000 }, () => ({})),
      },
      () => Date.now() - startedAt > 200,
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThan(150);
  });
});
