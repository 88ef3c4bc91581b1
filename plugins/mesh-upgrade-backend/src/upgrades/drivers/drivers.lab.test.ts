import type {
  RevisionView,
  RunView,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Lab } from '@internal/lab';
import { listAll } from '../../clusters/listAll';
import type { InventoriedMesh } from '../../inventory/types';
import { ISTIO_REVISIONS } from '../../kubernetes/sail';
import {
  DEPLOYMENTS,
  ISTIOS,
  NAMESPACES,
  type Deployment,
  type Istio,
} from '../../kubernetes/types';
import { istiodVersion } from '../actuators/controlPlane';
import { mesh, toTarget, upgradesOnLab } from '../__testUtils__/upgradesOnLab';

jest.setTimeout(120_000);

const OLD = 'default-v1-29-4';
const NEW = 'default-v1-30-3';
const ISTIO = { ...ISTIOS, name: 'default' };

/** The mesh of cluster `support`: one istiod per revision that stands there. */
function supportMesh(...revisions: [name: string, version: string][]) {
  const support = mesh('support', 'sail', revisions[0][1], ['support']);
  const [cluster] = support.clusters;
  const [istiod] = cluster.controlPlanes;
  cluster.controlPlanes = revisions.map(([revision, version]) => ({
    ...istiod,
    name: `istiod-${revision}`,
    revision,
    version,
  }));
  return support;
}

/** For how long the operator keeps a revision that nobody uses, in seconds. */
function graceOf(inactiveRevisionDeletionGracePeriodSeconds: number) {
  return {
    spec: { updateStrategy: { inactiveRevisionDeletionGracePeriodSeconds } },
  };
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

describe('ways to upgrade a control plane, on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;
  let lab: Lab;

  async function begin(
    meshes: InventoriedMesh[],
    options?: Parameters<typeof upgradesOnLab>[0],
  ) {
    world = await upgradesOnLab(options);
    ({ lab } = world);
    world.meshes.push(...meshes);
  }
  afterEach(() => world.stop());

  const specVersion = async () =>
    (await world.client('support').get<Istio>(ISTIO)).spec.version;
  const istiodOf = (cluster: string, name: string) =>
    world
      .client(cluster)
      .get<Deployment>({ ...DEPLOYMENTS, namespace: 'istio-system', name });
  async function upgrade(subject: UpgradeSubject): Promise<RunView> {
    const { id } = await world.start(subject);
    return world.end(id);
  }

  it('brings up a revision beside the present one, sees the tag follow, and goes back to the former one', async () => {
    await begin([supportMesh([OLD, '1.29.4'])]);
    await world.client('support').create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'by-hand', labels: { 'istio.io/rev': OLD } },
    });

    const plan = await world.service.plan(toTarget('support', '1.30.3'));
    expect(plan.changes).toMatchObject([
      {
        object: 'Istio default',
        after: 'spec.version v1.30.3',
        effect: expect.stringContaining(
          `IstioRevision ${NEW} with Deployment istio-system/istiod-${NEW}; revision ${OLD} stays`,
        ),
        yaml: { after: expect.stringContaining('version: v1.30.3') },
      },
      { object: 'IstioRevisionTag stable', after: `points at ${NEW}` },
    ]);
    expect(plan.skipped).toContainEqual({
      workload: 'support/Namespace/by-hand',
      reason: expect.stringContaining(
        `kubectl label namespace by-hand istio.io/rev=${NEW} --overwrite`,
      ),
    });

    const run = await upgrade(toTarget('support', '1.30.3'));
    expect(run.state).toBe('succeeded');
    expect(
      run.steps.find(({ title }) => title === 'IstioRevisionTag stable')
        ?.message,
    ).toBe(
      `Tag stable points at ${NEW}, and webhook istio-revision-tag-stable injects for it`,
    );
    expect(
      run.steps.find(({ title }) => title === `istiod-${NEW}: injection`)
        ?.message,
    ).toMatch(/the proxy .*:1\.30\.3/);
    // Its namespace still asks for it.
    expect(istiodVersion(await istiodOf('support', `istiod-${OLD}`))).toBe(
      '1.29.4',
    );
    expect(run.returnTo).toBe('1.29.4');

    world.meshes.splice(0, 1, supportMesh([OLD, '1.29.4'], [NEW, '1.30.3']));
    const again = world.service.plan(toTarget('support', '1.30.3'));
    await expect(again).rejects.toThrow('is at 1.30.3 already');

    const back: UpgradeSubject = {
      ...(toTarget('support', '1.29.4') as UpgradeSubject & { kind: 'mesh' }),
      returnOf: run.id,
    };
    const returned = await upgrade(back);
    expect(returned.state).toBe('succeeded');
    expect(world.checks.checkMesh).toHaveBeenLastCalledWith(
      expect.anything(),
      '1.29.4',
      expect.objectContaining({ returning: true }),
    );
    expect(await specVersion()).toBe('v1.29.4');
    expect(
      returned.steps.find(({ title }) => title === 'IstioRevisionTag stable')
        ?.message,
    ).toContain(`points at ${OLD}`);
    expect(returned.returnTo).toBeUndefined();
    expect((await world.service.run(run.id))?.returnTo).toBeUndefined();
    await expect(world.service.plan(back)).rejects.toThrow(
      `after which run '${returned.id}' changed mesh 'support'`,
    );
  });

  it('puts an exact version in the place of an alias, and says so', async () => {
    await begin([supportMesh(['default-v1-29-latest', '1.29.4'])]);
    const client = world.client('support');
    await client.patch(ISTIO, 'merge', graceOf(3600));
    await client.patch(ISTIO, 'merge', { spec: { version: 'v1.29-latest' } });
    await eventually(async () => {
      const { status } = await client.get<Istio>(ISTIO);
      return (
        status?.state === 'Healthy' &&
        status.activeRevisionName === 'default-v1-29-latest'
      );
    });
    const { changes } = await world.service.plan(toTarget('support', '1.30.3'));
    expect(changes[0]).toMatchObject({
      before:
        'spec.version v1.29-latest, an alias: what it means changes with the operator',
      effect: expect.stringContaining(
        'The alias v1.29-latest is replaced by this exact version',
      ),
    });
    const run = await upgrade(toTarget('support', '1.30.3'));
    expect(run.state).toBe('succeeded');
    expect(await specVersion()).toBe('v1.30.3');
    world.meshes.splice(
      0,
      1,
      supportMesh(['default-v1-29-latest', '1.29.4'], [NEW, '1.30.3']),
    );
    const back = {
      ...(toTarget('support', '1.29.4') as UpgradeSubject & { kind: 'mesh' }),
      returnOf: run.id,
    };
    const { changes: way } = await world.service.plan(back);
    expect(way[0].after).toBe('spec.version v1.29-latest');

    await client.patch(ISTIO, 'merge', graceOf(0));
    await eventually(async () => {
      const revisions = await listAll(client, ISTIO_REVISIONS, {});
      return !revisions.some(
        ({ metadata }) => metadata.name === 'default-v1-29-latest',
      );
    });
    world.meshes.splice(0, 1, supportMesh([NEW, '1.30.3']));
    await expect(world.service.plan(back)).rejects.toThrow(
      'revision default-v1-29-latest does not run 1.29.4 any more',
    );
  });

  it('takes a Helm release back to what Helm remembers, and refuses where it remembers nothing', async () => {
    await begin([mesh('payments', 'helm', '1.30.2', ['payments'])]);
    const run = await upgrade(toTarget('payments', '1.30.3'));
    expect(run).toMatchObject({ state: 'succeeded', returnTo: '1.30.2' });
    const back: UpgradeSubject = {
      kind: 'mesh',
      meshId: 'payments',
      targetVersion: '1.30.2',
      returnOf: run.id,
    };
    const plan = await world.service.plan(back);
    expect(plan.changes).toMatchObject([
      {
        object: 'Helm release istio-system/istiod',
        before: expect.stringMatching(/^revision \d+: chart istiod 1\.30\.3$/),
        after: expect.stringMatching(
          /^revision \d+ again: chart istiod 1\.30\.2$/,
        ),
      },
    ]);
    const returned = await upgrade(back);
    expect(returned.state).toBe('succeeded');
    expect(istiodVersion(await istiodOf('payments', 'istiod'))).toBe('1.30.2');

    await expect(
      world.service.plan({ ...back, targetVersion: '1.30.1' }),
    ).rejects.toThrow('which came from 1.30.2, not from 1.30.1');
  });

  it('shows what a person has to do, waits as long as it takes, and proves it', async () => {
    await begin([mesh('odd', 'aks', '1.30.2', ['payments'])], {
      modes: { payments: 'read' },
    });
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

    const istiod = await istiodOf('payments', 'istiod');
    const [container] = istiod.spec.template.spec!.containers!;
    await world
      .client('payments')
      .patch(
        { ...DEPLOYMENTS, namespace: 'istio-system', name: 'istiod' },
        'strategic',
        {
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
        },
      );
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
    await begin([partners], { modes: { partners: 'read' } });
    const { id } = await world.start(toTarget('partners', '1.30.3'));
    const waiting = await world.until(id, ({ state }) => state === 'waiting');
    expect(waiting.message).toContain('https://istiod.example.com/inject');
    expect(waiting.driver).toBe('manual');
    expect(lab.port).toBeGreaterThan(0);
    await world.service.stop(id, { stoppedBy: 'ada' });
  });
});
