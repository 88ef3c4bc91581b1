import type { Status } from '../kubernetes/errors';
import type { KubeObject, Pod } from '../kubernetes/types';
import { startLab, type Lab } from '../startLab';
import { clientOf } from '../testing/labClient';

describe('knobs', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterAll(() => lab.stop());
  afterEach(() => turn('DELETE'));

  async function turn(method: string, settings?: object, path = '') {
    const response = await fetch(`${lab.url}/knobs${path}`, {
      method,
      ...(settings && { body: JSON.stringify(settings) }),
    });
    return { status: response.status, body: await response.json() };
  }

  it('are shown, merged, replaced, reset, and refuse names that do not exist', async () => {
    await turn('PUT', { clusters: { edge: { latencyMs: 1 } } });
    await turn('PATCH', { clusters: { '*': { expireWatches: true } } });
    expect((await turn('GET')).body).toEqual({
      clusters: { edge: { latencyMs: 1 }, '*': { expireWatches: true } },
      registry: {},
    });
    const unknown = await turn('PATCH', { clusters: { mars: {} } });
    expect(unknown.status).toBe(400);
    expect(unknown.body.error).toContain('mars');
    expect((await turn('DELETE')).body).toEqual({ clusters: {}, registry: {} });
  });

  it('make requests of one cluster fail while others go on', async () => {
    await turn('PUT', {
      clusters: {
        edge: { errorRate: { rate: 1, status: 429 } },
        'prod-us': { unreachable: true },
        payments: { denyVerbs: [{ verb: 'patch', resource: 'deployments' }] },
      },
    });
    const busy = await clientOf(lab, 'edge').get<Status>('/api/v1/pods');
    expect(busy).toMatchObject({
      status: 429,
      body: { reason: 'TooManyRequests' },
    });
    await expect(clientOf(lab, 'prod-us').get('/version')).rejects.toThrow();
    const payments = clientOf(lab, 'payments');
    const path = '/apis/apps/v1/namespaces/payments/deployments/wallet';
    expect((await payments.patch(path, {})).status).toBe(403);
    expect((await payments.get(path)).status).toBe(200);
    expect((await clientOf(lab, 'prod-eu').get('/version')).status).toBe(200);
  });

  it('end watches by force or with 410', async () => {
    const client = clientOf(lab, 'edge');
    const { body } = await client.get<KubeObject>('/api/v1/pods?limit=1');
    const path = `/api/v1/pods?watch=1&resourceVersion=${body.metadata.resourceVersion}`;
    await turn('PUT', { clusters: { edge: { dropWatchesAfterMs: 30 } } });
    await expect(client.watch(path)).rejects.toThrow();
    await turn('DELETE');

    const open = client.watch(path);
    await turn('PUT', { clusters: { edge: { expireWatches: true } } });
    expect(await open).toMatchObject([
      { type: 'ERROR', object: { code: 410 } },
    ]);
    expect(await client.watch(path)).toMatchObject([
      { type: 'ERROR', object: { code: 410 } },
    ]);
  });

  it('admit pods without a sidecar', async () => {
    await turn('PUT', {
      clusters: { edge: { missingInjection: [{ namespace: 'devices' }] } },
    });
    const { body } = await clientOf(lab, 'edge').request<Pod>(
      'POST',
      '/api/v1/namespaces/devices/pods?dryRun=All',
      {
        metadata: { name: 'probe' },
        spec: { containers: [{ name: 'app', image: 'app:1' }] },
      },
    );
    expect(body.spec.containers.map(({ name }) => name)).toEqual(['app']);
    expect(body.spec.initContainers).toBeUndefined();
  });

  it('put the world back, after which old versions are too old', async () => {
    const client = clientOf(lab, 'edge');
    const path = '/api/v1/namespaces/devices';
    const before = await client.get<KubeObject>(path);
    await client.patch(path, { metadata: { labels: { touched: 'yes' } } });
    await turn('POST', undefined, '/reset-world');
    const after = await client.get<KubeObject>(path);
    expect(after.body.metadata.labels).toEqual(before.body.metadata.labels);
    expect(after.body.metadata.uid).toBe(before.body.metadata.uid);
    const version = before.body.metadata.resourceVersion;
    expect(
      await client.watch(
        `/api/v1/namespaces?watch=1&resourceVersion=${version}`,
      ),
    ).toMatchObject([{ type: 'ERROR', object: { code: 410 } }]);
  });
});
