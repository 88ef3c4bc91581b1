import { MeshUpgradeClient } from './MeshUpgradeClient';
import { conflictingRun, replacedPlan, wordsOf } from './errors';

const BASE = 'http://localhost/api/mesh-upgrade';

function clientAnswering(status: number, body: unknown) {
  const fetch = jest.fn(
    async (_url: string, _init?: RequestInit) =>
      ({
        ok: status < 400,
        status,
        statusText: '',
        headers: new Map([['content-type', 'application/json']]),
        json: async () => body,
        text: async () => JSON.stringify(body),
        blob: async () => new Blob([String(body)]),
      } as unknown as Response),
  );
  const client = new MeshUpgradeClient({
    discoveryApi: { getBaseUrl: async () => BASE },
    fetchApi: { fetch: fetch as typeof globalThis.fetch },
  });
  return { client, fetch };
}

function clientStreaming(...chunks: string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(new TextEncoder().encode(chunk));
      }
      controller.close();
    },
  });
  const fetch = async () => ({ ok: true, status: 200, body } as Response);
  return new MeshUpgradeClient({
    discoveryApi: { getBaseUrl: async () => BASE },
    fetchApi: { fetch },
  });
}

const SUBJECT = {
  kind: 'mesh',
  meshId: 'shop',
  targetVersion: '1.30.3',
} as const;

describe('MeshUpgradeClient', () => {
  it('tells the answers of a check as they arrive, wherever the connection cuts them', async () => {
    const report = {
      checkedAt: '2026-01-01T00:00:00Z',
      findings: [],
      passed: true,
      consents: [],
    };
    const lines = [
      { type: 'planned', checks: [] },
      { type: 'result', check: 'a', findings: [{ title: '正在运行' }] },
      { type: 'report', report },
    ].map(line => `${JSON.stringify(line)}\n`);
    const text = lines.join('');
    const cut = text.indexOf('正') + 1;
    const onProgress = jest.fn();
    await expect(
      clientStreaming(text.slice(0, cut), text.slice(cut)).check(SUBJECT, {
        onProgress,
      }),
    ).resolves.toEqual(report);
    expect(onProgress.mock.calls.map(([{ type }]) => type)).toEqual([
      'planned',
      'result',
    ]);
    await expect(
      clientStreaming(
        lines[0],
        '{"type":"error","error":{"name":"E","message":"too late"}}\n',
      ).check(SUBJECT),
    ).rejects.toThrow('too late');
    await expect(clientStreaming(lines[0]).check(SUBJECT)).rejects.toThrow(
      /ended before the check did/,
    );
  });

  it('asks for workloads with repeated keys and leaves out what is not set', async () => {
    const { client, fetch } = clientAnswering(200, { items: [], total: 0 });
    await client.listWorkloads({
      text: '',
      mesh: ['shop', 'a&b'],
      outdated: true,
      limit: 50,
    });
    expect(fetch.mock.calls[0][0]).toBe(
      `${BASE}/workloads?mesh=shop&mesh=a%26b&outdated=true&limit=50`,
    );
  });

  it('exports under the filters and the order, and rejects what is not a list', async () => {
    const { client, fetch } = clientAnswering(200, 'name\r\n');
    const file = await client.exportWorkloads({
      status: ['injected'],
      sort: '-pods',
    });
    expect(file.size).toBe(6);
    expect(fetch.mock.calls[0][0]).toBe(
      `${BASE}/workloads.csv?status=injected&sort=-pods`,
    );
    const refusing = clientAnswering(403, {
      error: { name: 'NotAllowedError', message: 'no' },
      response: { statusCode: 403 },
    });
    await expect(refusing.client.exportWorkloads({})).rejects.toThrow('403');
  });

  it('escapes ids in paths', async () => {
    const { client, fetch } = clientAnswering(200, {});
    await client.getMesh('a/b');
    await client.getWorkload('c/n/Deployment/x y');
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      `${BASE}/meshes/a%2Fb`,
      `${BASE}/workloads/c/n/Deployment/x%20y`,
    ]);
  });

  it('posts a start as JSON', async () => {
    const { client, fetch } = clientAnswering(201, { id: 'run-1' });
    const request = {
      kind: 'sidecars' as const,
      workloads: ['a/b/Deployment/c'],
      planHash: 'h',
    };
    expect(await client.startRun(request)).toEqual({ id: 'run-1' });
    const [url, init] = fetch.mock.calls[0];
    expect(url).toBe(`${BASE}/runs`);
    expect(init?.method).toBe('POST');
    expect(JSON.parse(String(init?.body))).toEqual(request);
  });

  it('tells the run in the way, the new plan and the words of the server', async () => {
    const refuse = async (error: object, status = 409) => {
      const { client } = clientAnswering(status, {
        error,
        response: { statusCode: status },
      });
      return client
        .startRun({ kind: 'sidecars', workloads: [], planHash: '' })
        .catch((failure: Error) => failure as Error);
    };
    const held = await refuse({
      name: 'ConflictError',
      message: 'run-7 upgrades this mesh',
      runId: 'run-7',
    });
    expect(conflictingRun(held)).toBe('run-7');
    expect(replacedPlan(held)).toBeUndefined();
    expect(wordsOf(held as Error)).toBe('run-7 upgrades this mesh');
    const stale = await refuse({
      name: 'ConflictError',
      message: 'changed',
      plan: { hash: 'new' },
    });
    expect(replacedPlan(stale)).toEqual({ hash: 'new' });
    const other = await refuse(
      { name: 'InputError', message: 'x', runId: 'y' },
      400,
    );
    expect(conflictingRun(other)).toBeUndefined();
  });
});
