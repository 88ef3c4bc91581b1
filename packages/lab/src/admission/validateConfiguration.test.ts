import { startLab, type Lab } from '../startLab';
import { clientOf } from '../testing/labClient';

const GATEWAYS =
  '/apis/networking.istio.io/v1/namespaces/istio-system/gateways';

function gateway(host: string, revision?: string) {
  return {
    metadata: {
      name: 'probe',
      labels: revision === undefined ? {} : { 'istio.io/rev': revision },
    },
    spec: { servers: [{ hosts: [host] }] },
  };
}

describe('validation of Istio configuration', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab({ speed: 20 });
  });
  afterEach(() => lab.stop());

  it('is asked of the revision that an object names, and of nobody for others', async () => {
    const client = clientOf(lab, 'prod-eu');
    const ask = (body: object) =>
      client.request<{ message?: string }>(
        'POST',
        `${GATEWAYS}?dryRun=All`,
        body,
      );
    expect((await ask(gateway('shop.example.com', 'default'))).status).toBe(
      201,
    );
    expect((await ask(gateway('no host'))).status).toBe(201);
    const refused = await ask(gateway('no host', 'default'));
    expect(refused.status).toBe(400);
    expect(refused.body.message).toMatch(
      /^admission webhook "rev\.validation\.istio\.io" denied the request: configuration is invalid: domain name "no host" invalid/,
    );
    await client.request('POST', GATEWAYS, gateway('shop.example.com'));
    const changed = await client.patch<{ message?: string }>(
      `${GATEWAYS}/probe`,
      gateway('no host', 'default'),
    );
    expect(changed.status).toBe(400);
  });

  it('refuses everything when nobody is there to be asked', async () => {
    const client = clientOf(lab, 'prod-eu');
    await client.request(
      'DELETE',
      '/api/v1/namespaces/istio-system/services/istiod',
    );
    const answer = await client.request<{ message?: string }>(
      'POST',
      GATEWAYS,
      gateway('shop.example.com', 'default'),
    );
    expect(answer.status).toBe(500);
    expect(answer.body.message).toMatch(
      /failed calling webhook "rev\.validation\.istio\.io": .*no endpoints available for service "istiod"/,
    );
  });
});

describe('metrics of istiod', () => {
  it('share the proxies of a revision among its replicas', async () => {
    const lab = await startLab({ speed: 20 });
    try {
      const client = clientOf(lab, 'prod-eu');
      const pods = '/api/v1/namespaces/istio-system/pods';
      const istiods = await client.list(
        `${pods}?labelSelector=app=istiod,istio.io/rev=default`,
      );
      const counts = await Promise.all(
        istiods.map(async ({ metadata }) => {
          const { body } = await client.get<string>(
            `${pods}/${metadata.name}:15014/proxy/metrics`,
          );
          const lines = [...body.matchAll(/^pilot_xds\{.*\} (\d+)$/gm)];
          return lines.reduce((sum, [, count]) => sum + Number(count), 0);
        }),
      );
      const injected = (await client.list('/api/v1/pods')).filter(
        ({ metadata }) => metadata.annotations?.['istio.io/rev'] === 'default',
      );
      expect(counts).toHaveLength(2);
      expect(Math.min(...counts)).toBeGreaterThan(0);
      expect(counts[0] + counts[1]).toBeLessThanOrEqual(injected.length);
      expect(Math.abs(counts[0] - counts[1])).toBeLessThanOrEqual(1);
    } finally {
      await lab.stop();
    }
  });
});
