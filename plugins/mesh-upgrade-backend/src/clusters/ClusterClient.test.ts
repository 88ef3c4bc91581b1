import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterClient } from './ClusterClient';
import { DEFAULT_RETRY_POLICY } from './retryPolicy';
import type { KubernetesObject, ResourceType, WatchEvent } from './types';

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => void;

const PODS: ResourceType = { group: '', version: 'v1', resource: 'pods' };
const DEPLOYMENTS: ResourceType = {
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
};
const CART = { ...DEPLOYMENTS, namespace: 'shop', name: 'cart' };

let server: Server;
let url: string;
let handler: Handler;
let seen: {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}[];
const clients: ClusterClient[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks).toString();
    seen.push({
      method: request.method!,
      url: new URL(request.url!, 'http://server'),
      headers: request.headers,
      body,
    });
    handler(request, response, body);
  });
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  seen = [];
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.close()));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise(done => {
    server.close(done);
  });
});

function connect(
  options: Partial<Parameters<typeof ClusterClient.create>[0]> = {},
) {
  const client = ClusterClient.create({
    cluster: 'prod-eu',
    settings: { url: `${url}/base`, token: { value: 'sesame-4711' } },
    limits: {
      retry: { ...DEFAULT_RETRY_POLICY, firstPauseMs: 2, longestPauseMs: 4 },
    },
    ...options,
  });
  clients.push(client);
  return client;
}

function json(response: ServerResponse, code: number, body: unknown) {
  response.writeHead(code, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function failure(promise: Promise<unknown>) {
  return promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    error => error,
  );
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise(setImmediate);
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) {
    result.push(item);
  }
  return result;
}

describe('requests', () => {
  it('lists page by page with the selectors on every page', async () => {
    handler = (_request, response) => {
      const last = seen.at(-1)!.url.searchParams.get('continue') === 'p2';
      json(response, 200, {
        metadata: { resourceVersion: '42', continue: last ? '' : 'p2' },
        items: [{ metadata: { name: last ? 'b' : 'a' } }],
      });
    };
    const pages = await all(
      connect().list(PODS, {
        namespace: 'shop',
        labelSelector: 'app in (a,b)',
        limit: 1,
      }),
    );
    expect(pages).toEqual([
      { items: [{ metadata: { name: 'a' } }], resourceVersion: '42' },
      { items: [{ metadata: { name: 'b' } }], resourceVersion: '42' },
    ]);
    expect(
      seen.map(r => [
        r.url.pathname,
        r.url.searchParams.get('labelSelector'),
        r.url.searchParams.get('limit'),
        r.url.searchParams.get('continue'),
        r.headers.authorization,
      ]),
    ).toEqual([
      [
        '/base/api/v1/namespaces/shop/pods',
        'app in (a,b)',
        '1',
        null,
        'Bearer sesame-4711',
      ],
      [
        '/base/api/v1/namespaces/shop/pods',
        'app in (a,b)',
        '1',
        'p2',
        'Bearer sesame-4711',
      ],
    ]);
  });

  it('asks for the next page while one is taken, unless only the first is wanted', async () => {
    handler = (_request, response) => {
      const page = Number(seen.at(-1)!.url.searchParams.get('continue') ?? 1);
      json(response, 200, {
        metadata: {
          resourceVersion: '42',
          continue: page < 4 ? `${page + 1}` : '',
        },
        items: [{ metadata: { name: `pod-${page}` } }],
      });
    };
    const client = connect();
    const pages = client.list(PODS);
    await pages.next();
    await client.version();
    expect(seen.map(request => request.url.pathname)).toEqual([
      '/base/api/v1/pods',
      '/base/version',
    ]);
    await pages.next();
    await until(() => seen.length === 4);
    expect(seen.at(-1)!.url.searchParams.get('continue')).toBe('3');
    const rest = await all(pages);
    expect(
      rest.flatMap(({ items }) => items.map(({ metadata }) => metadata.name)),
    ).toEqual(['pod-3', 'pod-4']);
    expect(seen).toHaveLength(5);
  });

  it('tells a failure of the next page when it is due', async () => {
    handler = (_request, response) => {
      const page = Number(seen.at(-1)!.url.searchParams.get('continue') ?? 1);
      if (page === 3) {
        json(response, 410, { kind: 'Status', message: 'too old' });
        return;
      }
      json(response, 200, {
        metadata: { resourceVersion: '42', continue: `${page + 1}` },
        items: [{ metadata: { name: `pod-${page}` } }],
      });
    };
    const names: string[] = [];
    const reading = async () => {
      for await (const { items } of connect().list(PODS)) {
        names.push(...items.map(({ metadata }) => metadata.name));
      }
    };
    await expect(reading()).rejects.toMatchObject({ status: 410 });
    expect(names).toEqual(['pod-1', 'pod-2']);
  });

  it('sends each kind of write as the API wants it', async () => {
    handler = (_request, response) =>
      json(response, 200, { metadata: { name: 'cart' } });
    const client = connect();
    await client.patch(CART, 'strategic', { spec: {} }, { dryRun: true });
    await client.patch(CART, 'apply', { spec: {} }, { fieldManager: 'flux' });
    await client.delete(CART, { uid: 'u-1', dryRun: true });
    await client.evict({ namespace: 'shop', name: 'cart-1', uid: 'u-2' });
    expect(
      seen.map(r => [
        r.method,
        r.url.pathname.replace('/base', '') + r.url.search,
        r.headers['content-type'],
        JSON.parse(r.body),
      ]),
    ).toEqual([
      [
        'PATCH',
        '/apis/apps/v1/namespaces/shop/deployments/cart?dryRun=All&fieldManager=mesh-upgrade',
        'application/strategic-merge-patch+json',
        { spec: {} },
      ],
      [
        'PATCH',
        '/apis/apps/v1/namespaces/shop/deployments/cart?fieldManager=flux',
        'application/apply-patch+yaml',
        { spec: {} },
      ],
      [
        'DELETE',
        '/apis/apps/v1/namespaces/shop/deployments/cart',
        'application/json',
        expect.objectContaining({
          propagationPolicy: 'Background',
          preconditions: { uid: 'u-1' },
          dryRun: ['All'],
        }),
      ],
      [
        'POST',
        '/api/v1/namespaces/shop/pods/cart-1/eviction?fieldManager=mesh-upgrade',
        'application/json',
        expect.objectContaining({
          kind: 'Eviction',
          deleteOptions: { preconditions: { uid: 'u-2' } },
        }),
      ],
    ]);
  });

  it('asks a port of a pod by way of the API server', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end('1.30.3');
    };
    expect(
      await connect().podProxy(
        { namespace: 'istio-system', name: 'istiod-1', port: 15014 },
        'version',
      ),
    ).toBe('1.30.3');
    expect(decodeURIComponent(seen[0].url.pathname)).toBe(
      '/base/api/v1/namespaces/istio-system/pods/istiod-1:15014/proxy/version',
    );
  });

  it('tells served resources from absent ones and from an unanswered question', async () => {
    handler = (request, response) => {
      if (request.url!.includes('/sailoperator.io/')) {
        json(response, 404, { kind: 'Status', message: '404 page not found' });
      } else if (request.url!.includes('/apps/')) {
        json(response, 200, { resources: [{ name: 'deployments' }] });
      } else {
        json(response, 403, {
          kind: 'Status',
          message: 'no',
          reason: 'Forbidden',
        });
      }
    };
    const client = connect();
    const istios = {
      group: 'sailoperator.io',
      version: 'v1',
      resource: 'istios',
    };
    expect(await client.serves(DEPLOYMENTS)).toBe(true);
    expect(await client.serves({ ...DEPLOYMENTS, resource: 'rollouts' })).toBe(
      false,
    );
    expect(await client.serves(istios)).toBe(false);
    expect(await failure(client.serves(PODS))).toMatchObject({ status: 403 });
  });

  it('uses a renewed token file at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clusters-'));
    const file = join(folder, 'token');
    handler = (_request, response) =>
      json(response, 200, { gitVersion: 'v1.34.2', major: '1', minor: '34' });
    const client = connect({ settings: { url, token: { file } } });
    await writeFile(file, 'first\n');
    await client.version();
    await writeFile(file, 'second\n');
    await client.version();
    await rm(folder, { recursive: true });
    expect(seen.map(r => r.headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
    ]);
    expect(await failure(client.version())).toMatchObject({
      reason: 'ENOENT',
      serverMessage: expect.stringContaining('credentials cannot be read'),
    });
  });

  it('never has more requests under way than allowed', async () => {
    let underWay = 0;
    let most = 0;
    handler = (_request, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        json(response, 200, {});
      }, 10);
    };
    const client = connect({ limits: { concurrency: 3 } });
    await Promise.all(Array.from({ length: 12 }, () => client.version()));
    expect(seen).toHaveLength(12);
    expect(most).toBe(3);
  });
});

describe('errors', () => {
  it('carry cluster, verb, object and the words of the server with the causes', async () => {
    handler = (_request, response) => {
      response.setHeader('Retry-After', '10');
      json(response, 429, {
        kind: 'Status',
        reason: 'TooManyRequests',
        message: 'Cannot evict pod as it would violate the budget.',
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The budget cart needs 2 healthy pods',
            },
          ],
        },
      });
    };
    const error = await failure(
      connect().evict({ namespace: 'shop', name: 'cart-1' }),
    );
    expect(error).toMatchObject({
      name: 'KubernetesError',
      cluster: 'prod-eu',
      action: 'evict pods shop/cart-1',
      status: 429,
      reason: 'TooManyRequests',
      retryAfterSeconds: 10,
      serverMessage:
        'Cannot evict pod as it would violate the budget. The budget cart needs 2 healthy pods',
    });
    expect(seen).toHaveLength(1);
  });

  it.each([401, 403, 404, 409, 422])(
    'of status %d are final for reads',
    async code => {
      handler = (_request, response) =>
        json(response, code, { kind: 'Status', message: 'no', reason: 'Why' });
      expect(await failure(connect().get(CART))).toMatchObject({
        status: code,
        reason: 'Why',
        serverMessage: 'no',
      });
      expect(seen).toHaveLength(1);
    },
  );

  it('that may pass are tried again for reads until the attempts are used up', async () => {
    handler = (request, response) => {
      if (seen.length === 1) {
        request.socket.destroy();
      } else if (seen.length === 2) {
        response.setHeader('Retry-After', '0');
        json(response, 429, { kind: 'Status', message: 'slow down' });
      } else if (seen.length === 3) {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('{"metadata":');
        setTimeout(() => request.socket.destroy(), 5);
      } else {
        json(response, 200, { metadata: { name: 'cart' } });
      }
    };
    const client = connect();
    expect(await client.get(CART)).toEqual({ metadata: { name: 'cart' } });
    expect(seen).toHaveLength(4);

    seen = [];
    handler = (_request, response) =>
      json(response, 503, { kind: 'Status', message: 'shutting down' });
    expect(await failure(client.get(CART))).toMatchObject({ status: 503 });
    expect(seen).toHaveLength(4);
  });

  it('that may pass are not tried again for writes', async () => {
    handler = request => request.socket.destroy();
    expect(await failure(connect().patch(CART, 'merge', {}))).toMatchObject({
      action: 'patch deployments shop/cart',
      status: undefined,
      reason: 'UND_ERR_SOCKET',
    });
    expect(seen).toHaveLength(1);
  });

  it('of a login page or an empty gateway answer say what came, without secrets', async () => {
    handler = (request, response) => {
      response.writeHead(403, { 'Content-Type': 'text/html' });
      response.end(
        `<html><style>b{}</style><h1>Sign in</h1> you sent ${request.headers.authorization}</html>`,
      );
    };
    const error = await failure(connect().get(CART));
    expect(error).toMatchObject({
      status: 403,
      reason: 'Forbidden',
      serverMessage:
        'not an answer of a Kubernetes API server: Sign in you sent Bearer [secret]',
    });
    expect(String(error.stack)).not.toContain('sesame');

    handler = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<html><title>Welcome to nginx</title></html>');
    };
    expect(await failure(connect().get(CART))).toMatchObject({
      reason: 'UnreadableAnswer',
      serverMessage: 'the answer cannot be read: Welcome to nginx',
    });
  });

  it('of half a JSON document do not quote it', async () => {
    handler = (_request, response) =>
      response.end('{"kind":"Secret","data":{"password":"aHVudGVy');
    const error = await failure(connect().get(CART));
    expect(error.serverMessage).toBe(
      'the answer cannot be read: a JSON document that is broken or cut off after 45 characters',
    );
    expect(seen).toHaveLength(1);
  });

  it('of a server that is not there or does not answer name the reason', async () => {
    const retry = { ...DEFAULT_RETRY_POLICY, attempts: 1 };
    const nobody = connect({
      settings: { url: 'http://127.0.0.1:1' },
      limits: { retry },
    });
    expect(await failure(nobody.version())).toMatchObject({
      reason: 'ECONNREFUSED',
    });
    handler = () => undefined;
    const silent = connect({ limits: { retry, headersTimeoutMs: 50 } });
    expect(await failure(silent.version())).toMatchObject({
      reason: 'UND_ERR_HEADERS_TIMEOUT',
    });
  });

  it('give way to the reason of the caller who gave up', async () => {
    handler = () => undefined;
    const abort = new AbortController();
    const running = connect().get(CART, { signal: abort.signal });
    const reason = new Error('shutting down');
    abort.abort(reason);
    expect(await failure(running)).toBe(reason);
  });
});

describe('watch', () => {
  const event = (type: string, object: object) =>
    `${JSON.stringify({ type, object })}\n`;
  const pod = (name: string, resourceVersion: string) => ({
    metadata: { name, resourceVersion },
  });

  function streams(chunks: (string | Buffer)[], options?: { open?: boolean }) {
    handler = async (_request, response) => {
      response.writeHead(200);
      for (const chunk of chunks) {
        response.write(chunk);
        // Every chunk becomes a packet of its own.
        await new Promise(setImmediate);
      }
      if (!options?.open) {
        response.end();
      }
    };
  }

  it('decodes events whatever the borders of the chunks', async () => {
    const text = Buffer.from(
      event('ADDED', pod('größe', '1')) +
        event('MODIFIED', pod('b', '2')) +
        event('BOOKMARK', { metadata: { resourceVersion: '3' } }) +
        event('DELETED', pod('b', '4')) +
        event('BOOKMARK', {
          metadata: {
            resourceVersion: '5',
            annotations: { 'k8s.io/initial-events-end': 'true' },
          },
        }),
    );
    const expected: WatchEvent<KubernetesObject>[] = [
      { type: 'ADDED', object: pod('größe', '1') },
      { type: 'MODIFIED', object: pod('b', '2') },
      { type: 'BOOKMARK', resourceVersion: '3' },
      { type: 'DELETED', object: pod('b', '4') },
      { type: 'BOOKMARK', resourceVersion: '5', initialEventsEnd: true },
    ];
    for (const size of [1, 7, 61, text.length]) {
      const chunks = [];
      for (let at = 0; at < text.length; at += size) {
        chunks.push(text.subarray(at, at + size));
      }
      streams(chunks);
      expect(
        await all(connect().watch(PODS, { resourceVersion: '0' })),
      ).toEqual(expected);
    }
    expect(Object.fromEntries(seen[0].url.searchParams)).toEqual({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: '0',
      timeoutSeconds: '300',
    });
  });

  it('rejects with 410 when the version is too old, in the stream or at once', async () => {
    const gone = {
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: 'too old resource version: 1 (900)',
    };
    streams([event('ADDED', pod('a', '1')), event('ERROR', gone)]);
    const names: string[] = [];
    const reading = (async () => {
      for await (const e of connect().watch(PODS, { resourceVersion: '1' })) {
        names.push(e.type);
      }
    })();
    expect(await failure(reading)).toMatchObject({
      status: 410,
      reason: 'Expired',
      action: 'watch pods',
    });
    expect(names).toEqual(['ADDED']);

    handler = (_request, response) => json(response, 410, gone);
    expect(
      await failure(all(connect().watch(PODS, { resourceVersion: '1' }))),
    ).toMatchObject({ status: 410, reason: 'Expired' });
  });

  it('rejects on a line that is no event', async () => {
    streams(['<html>bad gateway</html>\n']);
    expect(
      await failure(all(connect().watch(PODS, { resourceVersion: '1' }))),
    ).toMatchObject({ reason: 'UnreadableAnswer' });
  });

  it('ends when the connection falls silent or is cut in the middle of an event', async () => {
    streams([event('ADDED', pod('a', '1'))], { open: true });
    const client = connect({ watchTimes: { silenceMs: 100 } });
    expect(
      await all(client.watch(PODS, { resourceVersion: '0' })),
    ).toHaveLength(1);

    handler = (request, response) => {
      response.writeHead(200);
      response.write(`${event('ADDED', pod('a', '1'))}{"type":"ADD`);
      setTimeout(() => request.socket.destroy(), 20);
    };
    expect(
      await all(client.watch(PODS, { resourceVersion: '0' })),
    ).toHaveLength(1);
  });

  it('ends when aborted, and closes the connection when the reader stops', async () => {
    const closed = () =>
      new Promise(done => {
        const write = handler;
        handler = (request, response, body) => {
          response.on('close', done);
          write(request, response, body);
        };
      });
    streams([event('ADDED', pod('a', '1'))], { open: true });
    const aborted = closed();
    const abort = new AbortController();
    for await (const _ of connect().watch(PODS, {
      resourceVersion: '0',
      signal: abort.signal,
    })) {
      abort.abort();
    }
    await aborted;

    const left = closed();
    for await (const _ of connect().watch(PODS, { resourceVersion: '0' })) {
      break;
    }
    await expect(left).resolves.toBeUndefined();
  });

  it('keeps no slot of the requests while it stands', async () => {
    streams([event('ADDED', pod('a', '1'))], { open: true });
    const client = connect({ limits: { concurrency: 1 } });
    for await (const _ of client.watch(PODS, { resourceVersion: '0' })) {
      handler = (_request, response) => json(response, 200, { major: '1' });
      expect(await client.version()).toEqual({ major: '1' });
      break;
    }
  });

  it('lets requests through while something on the way holds back its beginning', async () => {
    const held: ServerResponse[] = [];
    handler = (request, response) => {
      if (request.url!.includes('watch=1')) {
        held.push(response);
      } else {
        json(response, 200, { major: '1' });
      }
    };
    const client = connect({ limits: { concurrency: 1 } });
    const watching = client.watch(PODS, { resourceVersion: '0' }).next();
    while (held.length === 0) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    expect(await client.version()).toEqual({ major: '1' });
    held[0].end();
    expect((await watching).done).toBe(true);
  });
});
