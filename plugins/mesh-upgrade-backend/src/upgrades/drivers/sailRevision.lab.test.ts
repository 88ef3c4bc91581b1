import type {
  RunView,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
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

describe('upgrades of a Sail mesh with a revision per version, on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;

  async function begin(...meshes: InventoriedMesh[]) {
    world = await upgradesOnLab();
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
    await begin(supportMesh([OLD, '1.29.4']));
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
    expect((await world.service.plan(back)).skipped).toEqual([]);
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
    await begin(supportMesh(['default-v1-29-latest', '1.29.4']));
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
});
