import type { RevisionView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { mesh, toTarget, upgradesOnLab } from '../__testUtils__/upgradesOnLab';

jest.setTimeout(120_000);

describe('upgrades by people, on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;
  afterEach(() => world.stop());

  it('shows what a person has to do, waits as long as it takes, and proves it', async () => {
    world = await upgradesOnLab({ modes: { payments: 'read' } });
    world.meshes.push(mesh('odd', 'aks', '1.30.2', ['payments']));
    const plan = await world.service.plan(toTarget('odd', '1.31.0'));
    expect(plan).toMatchObject({
      driver: 'manual',
      changes: [
        {
          object: 'Deployment istio-system/istiod',
          effect: expect.stringContaining(
            'az aks mesh upgrade start -g <group> -n <cluster> --revision asm-1-31',
          ),
        },
      ],
    });
    world.meshes.push(mesh('abroad', 'argocd', '1.30.2', ['payments']));
    expect(
      await world.service.plan(toTarget('abroad', '1.30.3')),
    ).toMatchObject({
      driver: 'manual',
      changes: [
        {
          effect: expect.stringContaining(
            'Set version 1.30.3 of the charts base and istiod where Argo CD reads it',
          ),
        },
      ],
    });
    world.meshes.push(mesh('unknown', 'unknown', '1.30.2', ['payments']));
    const { id } = await world.start(toTarget('unknown', '1.30.3'));
    const waiting = await world.until(id, ({ state }) => state === 'waiting');
    expect(waiting.state).toBe('waiting');
    expect(waiting.message).toMatch(
      /istioctl upgrade -f .*[\s\S]*Now: istiod 1\.30\.2/,
    );
    expect(world.writes).toEqual([]);

    const ref = { ...DEPLOYMENTS, namespace: 'istio-system', name: 'istiod' };
    const istiod = await world.client('payments').get<Deployment>(ref);
    const [container] = istiod.spec.template.spec!.containers!;
    await world.client('payments').patch(ref, 'strategic', {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: container.name,
                image: container.image!.replace('1.30.2', '1.30.3'),
              },
            ],
          },
        },
      },
    });
    const run = await world.until(id, ({ steps }) =>
      steps.some(
        ({ title, phase, state }) =>
          title === 'istiod' && phase === 'upgrade' && state === 'succeeded',
      ),
    );
    expect(
      run.steps.find(
        ({ title, phase }) => title === 'istiod' && phase === 'upgrade',
      ),
    ).toMatchObject({
      state: 'succeeded',
      message: expect.stringContaining('run 1.30.3'),
    });
    expect(run.returnTo).toBeUndefined();
  });

  it('waits for the provider of an external control plane by what its injector gives', async () => {
    const partners = mesh('partners', 'unknown', '1.29.4', ['partners']);
    partners.type = 'external';
    partners.clusters[0].controlPlanes = [];
    partners.revisions = [
      {
        cluster: 'partners',
        revision: 'default',
        isDefault: true,
        tags: [],
        injects: '1.29.4',
        url: 'https://istiod.example.com/inject',
        namespaces: 1,
        workloads: 1,
      } satisfies RevisionView,
    ];
    world = await upgradesOnLab({ modes: { partners: 'read' } });
    world.meshes.push(partners);
    const { id } = await world.start(toTarget('partners', '1.30.3'));
    const waiting = await world.until(id, ({ state }) => state === 'waiting');
    expect(waiting.message).toContain('https://istiod.example.com/inject');
    expect(waiting.driver).toBe('manual');
    await world.service.stop(id, { stoppedBy: 'ada' });
  });
});
