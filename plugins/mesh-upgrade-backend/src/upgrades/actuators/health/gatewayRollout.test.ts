import { lists, looking } from './__testUtils__/looking';
import { gatewayRollout } from './gatewayRollout';

describe('gateways that istiod deploys', () => {
  const deployment = (version: string, updated: number) => ({
    metadata: { name: 'gw', generation: 1 },
    spec: {
      replicas: 1,
      selector: {},
      template: {
        spec: {
          containers: [{ name: 'istio-proxy', image: `proxyv2:${version}` }],
        },
      },
    },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: updated,
      availableReplicas: updated,
    },
  });

  it('are followed, and told when istiod leaves one alone', async () => {
    const world: Record<string, object> = {
      a: deployment('1.29.4', 1),
      b: deployment('1.29.4', 1),
    };
    const look = looking(
      gatewayRollout,
      { ...lists({}), get: async ({ name }) => world[name] as never },
      {
        version: '1.30.3',
        gateways: ['a', 'b'].map(name => ({ namespace: 'edge', name })),
      },
    );
    expect(await look(0)).toMatchObject({
      state: 'moving',
      progress: { done: 0, total: 2 },
    });
    world.a = deployment('1.30.3', 0);
    expect(await look(90)).toMatchObject({ state: 'moving' });
    world.a = deployment('1.30.3', 1);
    expect(await look(95)).toMatchObject({
      state: 'moving',
      progress: { done: 1, total: 2 },
    });
    expect(await look(155)).toMatchObject({
      state: 'unproven',
      message: expect.stringMatching(
        /^1 of 2 gateways run 1\.30\.3\. istiod has not changed edge\/b \(1\.29\.4\)/,
      ),
    });
    world.b = deployment('1.30.3', 1);
    expect(await look(156)).toMatchObject({ state: 'done' });
  });
});
