import {
  mesh,
  toTarget,
  upgradesOnLab,
} from '../../__testUtils__/upgradesOnLab';

jest.setTimeout(120_000);

describe('the health check on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;

  beforeEach(async () => {
    world = await upgradesOnLab();
    world.meshes.push({
      ...mesh('payments', 'helm', '1.30.2', ['payments']),
      components: [
        {
          kind: 'gateway',
          cluster: 'payments',
          namespace: 'banking',
          name: 'banking-istio',
          version: '1.30.2',
          revision: 'default',
          gateway: { origin: 'gatewayApi', name: 'banking', class: 'istio' },
          desired: 2,
          ready: 2,
          problems: [],
        },
      ],
    });
  });
  afterEach(() => world.stop());

  it('follows the gateways that istiod deploys and the revision tags', async () => {
    const { id } = await world.start(toTarget('payments', '1.31.1'));
    const run = await world.end(id);
    const step = (title: string) => run.steps.find(one => one.title === title);
    expect(run).toMatchObject({ state: 'succeeded', message: undefined });
    expect(step('Gateways that istiod deploys')).toMatchObject({
      phase: 'upgrade',
      state: 'succeeded',
      message: '1 of 1 gateways run 1.31.1',
      progress: { done: 1, total: 1 },
    });
    expect(step('Validators and revision tags')?.message).toBe(
      'istio-revision-tag-prod, istio-validator-istio-system: each leads to an istiod that is Ready',
    );
  });
});
