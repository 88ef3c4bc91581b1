import { fakeClusters } from '../../checks/__testUtils__/fakes';
import type { KubernetesClient } from '../../clusters/types';
import { DEPLOYMENTS, PODS } from '../../kubernetes/types';
import { clientFor } from './clientFor';
import { withSecondTry } from './withSecondTry';

const ISTIOD = { ...DEPLOYMENTS, namespace: 'istio-system', name: 'istiod' };

/** Never answers, as a connection that something on the way has lost. */
const lost = (signal?: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });

describe('withSecondTry', () => {
  const clientOf = (client: Partial<KubernetesClient>) =>
    clientFor(withSecondTry(fakeClusters({ edge: client }), 20), 'edge');

  it('asks once more when an answer is lost, whatever was asked', async () => {
    let asked = 0;
    const answer = <T>(signal: AbortSignal | undefined, value: T) => {
      asked += 1;
      return asked % 2 === 1 ? lost(signal) : Promise.resolve(value);
    };
    const client = clientOf({
      get: (_ref, options) =>
        answer(options?.signal, { metadata: {} } as never),
      async *list(_resource, options) {
        yield await answer(options?.signal, {
          items: [],
          resourceVersion: '1',
        });
      },
      create: (_resource, _body, options) =>
        answer(options?.signal, { metadata: {} } as never),
      podLog: (_pod, options) => answer(options?.signal, 'log'),
      podProxy: (_pod, _path, options) => answer(options?.signal, 'metrics'),
    });
    await client.get(ISTIOD);
    for await (const page of client.list(PODS, { namespace: 'shop' })) {
      expect(page.resourceVersion).toBe('1');
    }
    await client.create(PODS, {}, { dryRun: true });
    const pod = { namespace: 'istio-system', name: 'istiod-1' };
    expect(await client.podLog(pod)).toBe('log');
    expect(await client.podProxy({ ...pod, port: 15014 }, '/metrics')).toBe(
      'metrics',
    );
    expect(asked).toBe(10);
  });

  it('asks once where there is an answer, and makes a write once', async () => {
    const refusal = new Error('forbidden');
    let asked = 0;
    const client = clientOf({
      get: async () => {
        asked += 1;
        throw refusal;
      },
      create: (_resource, _body, options) => {
        asked += 1;
        return lost(options?.signal);
      },
    });
    await expect(client.get(ISTIOD)).rejects.toBe(refusal);
    await expect(
      client.create(PODS, {}, { signal: AbortSignal.timeout(60) }),
    ).rejects.toThrow();
    expect(asked).toBe(2);
  });

  it('ends with the look that asks', async () => {
    let asked = 0;
    const client = clientOf({
      get: (_ref, options) => {
        asked += 1;
        return lost(options?.signal);
      },
    });
    await expect(
      client.get(ISTIOD, { signal: AbortSignal.timeout(5) }),
    ).rejects.toThrow();
    expect(asked).toBe(1);
  });

  it('has one client for each cluster, so that others can keep what they know of it', () => {
    const clusters = withSecondTry(fakeClusters({ edge: {} }));
    expect(clusters.get('edge')!.client).toBe(clusters.list()[0].client);
  });
});
