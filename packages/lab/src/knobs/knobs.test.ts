import type { Status } from '../kubernetes/errors';
import { renewedToken } from '../api/auth';
import type { Deployment, KubeObject, Pod } from '../kubernetes/types';
import { startLab, type Lab } from '../startLab';
import { clientOf, eventually } from '../testing/labClient';

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
    const misspelt = await turn('PATCH', {
      clusters: { edge: { latency: 1 } },
    });
    expect(misspelt).toMatchObject({
      status: 400,
      body: { error: 'unknown knob: latency' },
    });
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

  it('let the clock of a server be off, and its tokens expire', async () => {
    const hour = 60 * 60 * 1000;
    await turn('PUT', { clusters: { edge: { clockSkewMs: hour } } });
    const { body } = await clientOf(lab, 'edge').request<KubeObject>(
      'POST',
      '/api/v1/namespaces/devices/configmaps',
      { metadata: { name: 'young' } },
    );
    const ahead = (time: string) => Date.parse(time) - Date.now();
    expect(ahead(body.metadata.creationTimestamp)).toBeGreaterThan(hour / 2);
    const { headers } = await fetch(`${lab.url}/clusters/edge/version`);
    expect(ahead(headers.get('date')!)).toBeGreaterThan(hour / 2);

    await turn('PUT', { clusters: { edge: { expiredToken: true } } });
    expect((await clientOf(lab, 'edge').get('/api/v1/nodes')).status).toBe(401);
    const renewed = clientOf(lab, 'edge', renewedToken('edge'));
    expect((await renewed.get('/api/v1/nodes')).status).toBe(200);
  });

  it('grant what rules grant, to requests and reviews alike', async () => {
    await turn('PUT', {
      clusters: {
        edge: {
          permissions: [
            { verbs: ['get', 'list'], resources: ['pods', 'pods/log'] },
            {
              verbs: ['patch'],
              apiGroups: ['apps'],
              resources: ['deployments'],
              namespaces: ['devices'],
            },
          ],
        },
      },
    });
    const client = clientOf(lab, 'edge');
    const may = async (resourceAttributes: object) =>
      (
        await client.request<{ status: { allowed: boolean } }>(
          'POST',
          '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
          { spec: { resourceAttributes } },
        )
      ).body.status.allowed;
    const patch = { verb: 'patch', group: 'apps', resource: 'deployments' };
    expect(await may({ ...patch, namespace: 'devices' })).toBe(true);
    expect(await may({ ...patch, namespace: 'telemetry' })).toBe(false);
    expect(await may(patch)).toBe(false);
    expect(
      await may({ verb: 'get', resource: 'pods', subresource: 'log' }),
    ).toBe(true);
    const address = (namespace: string, name: string) =>
      `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
    expect((await client.get('/api/v1/pods')).status).toBe(200);
    expect((await client.get('/api/v1/nodes')).status).toBe(403);
    expect(
      (await client.patch(address('devices', 'device-gateway'), {})).status,
    ).toBe(200);
    expect(
      (await client.patch(address('telemetry', 'alerts'), {})).status,
    ).toBe(403);
  });

  it('change the version of Kubernetes, and count what was asked', async () => {
    const client = clientOf(lab, 'edge');
    await turn('DELETE', undefined, '/requests');
    await turn('PUT', { clusters: { edge: { kubernetesVersion: '1.33.1' } } });
    const version = await client.get<{ gitVersion: string }>('/version');
    expect(version.body.gitVersion).toBe('v1.33.1');
    await client.get('/api/v1/pods?limit=1');
    await client.get('/api/v1/namespaces/devices/pods');
    const { body } = await turn('GET', undefined, '/requests');
    expect(body.requests).toEqual([
      { cluster: 'edge', verb: 'get', resource: '/version', count: 1 },
      { cluster: 'edge', verb: 'list', resource: 'pods', count: 2 },
    ]);
  });

  it.each([
    ['quota', 403, 'exceeded quota: compute, requested: requests.cpu='],
    ['podSecurity', 403, 'violates PodSecurity "restricted:latest"'],
    ['limitRange', 403, 'maximum cpu usage per Container is 1, but limit is 2'],
    ['policy', 422, 'ValidatingAdmissionPolicy'],
    ['webhook', 403, 'admission webhook "validation.gatekeeper.sh" denied'],
  ])(
    'refuse pods by %s, whoever creates them, until turned back',
    async (by, status, words) => {
      await turn('PUT', {
        clusters: { edge: { refusedPods: [{ by, namespace: 'devices' }] } },
      });
      const client = clientOf(lab, 'edge');
      const dryRun = await client.request<Status>(
        'POST',
        '/api/v1/namespaces/devices/pods?dryRun=All',
        {
          metadata: { name: 'probe' },
          spec: { containers: [{ name: 'app', image: 'app:1' }] },
        },
      );
      expect(dryRun.status).toBe(status);
      expect(dryRun.body.message).toContain(words);
      expect(dryRun.body.message).not.toContain('undefined');

      const path = '/apis/apps/v1/namespaces/devices/deployments/ota-scheduler';
      await client.patch(path, {
        spec: { template: { metadata: { annotations: { attempt: by } } } },
      });
      const conditions = async () =>
        (await client.get<Deployment>(path)).body.status!.conditions!;
      const failure = await eventually(conditions, all =>
        all.some(({ type }) => type === 'ReplicaFailure'),
      );
      expect(
        failure.find(({ type }) => type === 'ReplicaFailure')?.message,
      ).toContain(words);
      await turn('DELETE');
      await eventually(
        conditions,
        all =>
          all.some(({ reason }) => reason === 'NewReplicaSetAvailable') &&
          !all.some(({ type }) => type === 'ReplicaFailure'),
      );
    },
  );

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
