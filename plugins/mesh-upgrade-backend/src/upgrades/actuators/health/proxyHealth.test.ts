import type {
  KubernetesClient,
  KubernetesObject,
} from '../../../clusters/types';
import { newStep, storedRun } from '../../testing/runs';
import type { Step } from '../../types';
import { CONNECTED_PROXIES_ACTION, connectedProxies } from './connectedProxies';
import type { Look } from '../LookActuator';
import { proxyHealth } from './proxyHealth';

const START = Date.parse('2026-11-01T00:00:00Z');
const PARAMETERS = {
  namespace: 'istio-system',
  deployment: 'istiod',
  revision: 'default',
  version: '1.30.3',
};
const AWAY = new Error('connection refused');
const FORBIDDEN = Object.assign(new Error('forbidden'), {
  reason: 'Forbidden',
});

/** One istiod whose answer about its metrics the test changes. */
function anIstiod() {
  const world = { metrics: AWAY as Error | number };
  const owner = (uid: string) => [{ controller: true, uid }];
  const client: Partial<KubernetesClient> = {
    get: async () =>
      ({
        metadata: { name: 'istiod', uid: 'd' },
        spec: { selector: {} },
      } as never),
    async *list<T extends KubernetesObject>({
      resource,
    }: {
      resource: string;
    }) {
      const item =
        resource === 'replicasets'
          ? { metadata: { name: 'rs', uid: 'r', ownerReferences: owner('d') } }
          : {
              metadata: { name: 'pod', ownerReferences: owner('r') },
              status: { conditions: [{ type: 'Ready', status: 'True' }] },
            };
      yield { items: [item as unknown as T], resourceVersion: '1' };
    },
    podProxy: async () => {
      if (world.metrics instanceof Error) {
        throw world.metrics;
      }
      return `istio_build{tag="1.29.4"} 1\npilot_xds{version="1.29.4"} ${world.metrics}\n`;
    },
  };
  const take = async (look: Look, steps: Step[], at: number) => {
    const step = steps.at(-1)!;
    const seen = await look.look(client as KubernetesClient, step, {
      run: storedRun({ steps }),
      now: new Date(START + at * 1000),
      signal: new AbortController().signal,
    });
    return { ...seen, step: { ...step, detail: seen.detail ?? step.detail } };
  };
  return { world, take };
}

const baseline = (detail?: Step['detail']) =>
  newStep({
    id: '1',
    action: CONNECTED_PROXIES_ACTION,
    parameters: PARAMETERS,
    detail,
  });
const health = newStep({ id: '2', parameters: PARAMETERS });

describe('connected proxies', () => {
  it('are counted before and compared after', async () => {
    const { world, take } = anIstiod();
    world.metrics = 40;
    const before = await take(connectedProxies, [baseline()], 0);
    expect(before).toMatchObject({
      state: 'done',
      message: '40 proxies are connected (1.29.4: 40)',
    });
    world.metrics = 10;
    const first = await take(proxyHealth, [before.step, health], 60);
    expect(first).toMatchObject({
      state: 'moving',
      progress: { done: 10, total: 40 },
    });
    world.metrics = 39;
    expect(
      await take(proxyHealth, [before.step, first.step], 62),
    ).toMatchObject({
      state: 'done',
      message:
        '39 proxies are connected, 40 were before; 0 of 0 pushes failed in 2 s (1.29.4: 39)',
    });
  });

  it('hold the first change up for two seconds at most', async () => {
    const { world, take } = anIstiod();
    const first = await take(connectedProxies, [baseline()], 0);
    expect(first.state).toBe('moving');
    expect(await take(connectedProxies, [first.step], 2)).toMatchObject({
      state: 'unproven',
      message:
        'How many proxies are connected cannot be read: connection refused',
    });
    world.metrics = FORBIDDEN;
    expect(await take(connectedProxies, [baseline()], 0)).toMatchObject({
      state: 'unproven',
    });
  });

  it('are waited for after the upgrade only where they could be counted before', async () => {
    const { take } = anIstiod();
    const counted = baseline({ connected: 40 });
    const first = await take(proxyHealth, [counted, health], 0);
    expect(first.state).toBe('moving');
    expect((await take(proxyHealth, [counted, first.step], 10)).state).toBe(
      'unproven',
    );
    expect((await take(proxyHealth, [baseline(), health], 0)).state).toBe(
      'unproven',
    );
  });
});
