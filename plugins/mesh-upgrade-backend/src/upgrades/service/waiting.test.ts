import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type {
  CheckReport,
  RunView,
  StartRunRequest,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  aMesh,
  aWorkload,
  fakeClusters,
} from '../../checks/__testUtils__/fakes';
import type { KubernetesClient } from '../../clusters/types';
import type { Inventory } from '../../inventory/types';
import { createUpgrades } from '../createUpgrades';
import type { ControlPlaneDriver } from '../drivers/types';
import type { RunEngine } from '../engine/RunEngine';
import { DEFAULT_POLICY, type RunPolicy } from '../schedule/RunPolicy';
import type { EngineWrite } from '../types';

jest.setTimeout(30_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const ADA = 'user:default/ada';
const BOB = 'user:default/bob';
const CART = 'prod-eu/shop/Deployment/cart';
const UPGRADE: UpgradeSubject = {
  kind: 'mesh',
  meshId: 'shop',
  targetVersion: '1.30.3',
};
const RESTART: UpgradeSubject = { kind: 'sidecars', workloads: [CART] };
const PASSED: CheckReport = {
  checkedAt: '2026-11-01T00:00:00Z',
  findings: [],
  passed: true,
  consents: [],
};
const asking: RunPolicy = { ...DEFAULT_POLICY, approval: { kinds: ['mesh'] } };
/** Open for a minute in a day, and not now. */
function closed(): RunPolicy['windows'] {
  const inAnHour = new Date(Date.now() + 3_600_000);
  const from = inAnHour.getUTCHours() * 60 + inAnHour.getUTCMinutes();
  const days = [1, 2, 3, 4, 5, 6, 7] as const;
  return [
    { name: 'later', days: [...days], from, to: from + 1, timeZone: 'UTC' },
  ];
}

/** Proposes one change whose step nothing here can do, so that no cluster is written to. */
const driver = {
  method: 'helm',
  rights: () => [],
  plan: async ({ deployment, controlPlane, targetVersion }) => ({
    changes: [
      {
        cluster: controlPlane.cluster,
        object: 'Deployment istio-system/istiod',
        before: deployment.spec.template.spec!.containers![0].image!,
        after: targetVersion,
        effect: 'changes',
      },
    ],
    steps: [
      {
        phase: 'upgrade',
        title: 'istiod',
        cluster: controlPlane.cluster,
        action: 'none',
        parameters: {},
      },
    ],
  }),
} as ControlPlaneDriver;

describe('runs that wait', () => {
  const engines: RunEngine[] = [];
  afterEach(async () => {
    await Promise.all(engines.splice(0).map(engine => engine.stop()));
  });

  async function upgrades(policy: RunPolicy = DEFAULT_POLICY) {
    const database = await databases.init('SQLITE_3');
    await database.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
    const world = { image: 'pilot:1.29.4' };
    const get = async () => ({
      metadata: { namespace: 'istio-system', name: 'istiod' },
      spec: {
        replicas: 1,
        selector: {},
        template: {
          spec: { containers: [{ name: 'discovery', image: world.image }] },
        },
      },
    });
    const list: KubernetesClient['list'] = async function* none() {
      yield { items: [], resourceVersion: '1' };
    };
    const mesh = aMesh({ clusterNames: ['prod-eu'] });
    mesh.clusters[0].controlPlanes = [
      {
        cluster: 'prod-eu',
        namespace: 'istio-system',
        name: 'istiod',
        revision: 'default',
        desiredReplicas: 1,
        install: { method: 'helm', evidence: [] },
      } as unknown as (typeof mesh.clusters)[number]['controlPlanes'][number],
    ];
    const checks = {
      checkMesh: jest.fn(async () => PASSED),
      checkSidecars: jest.fn(async () => PASSED),
      checkLeftovers: jest.fn(async () => PASSED),
    };
    const writes: EngineWrite[] = [];
    const { service, engine } = createUpgrades({
      clusters: fakeClusters({
        'prod-eu': {
          get: get as unknown as KubernetesClient['get'],
          list,
          accessReview: async () => ({ allowed: false }),
        },
      }),
      inventory: {
        mesh: async (id: string) => (id === 'shop' ? mesh : undefined),
        workloadsById: async (ids: string[]) =>
          ids.map(id => aWorkload({ id, meshId: 'shop' })),
      } as Partial<Inventory> as Inventory,
      database,
      checks,
      targets: { refuse: async () => undefined },
      drivers: [driver],
      logger: mockServices.logger.mock(),
      policy,
      settings: { cadenceMs: 20 },
      onWrite: write => {
        writes.push(write);
      },
    });
    engines.push(engine);
    async function start(
      subject: UpgradeSubject,
      more: Partial<StartRunRequest> = {},
    ): Promise<RunView> {
      const { hash } = await service.plan(subject);
      const request = { ...subject, ...more, planHash: hash };
      return service.start(request as StartRunRequest, { startedBy: ADA });
    }
    async function until(
      id: string,
      condition: (run: RunView) => boolean,
    ): Promise<RunView> {
      for (;;) {
        const run = (await service.run(id))!;
        if (condition(run)) {
          return run;
        }
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    }
    /** Makes a run that waits for its time begin, as if it had waited for two minutes. */
    async function itIsTime() {
      const then = Date.now() - 120_000;
      await database('runs').update({
        created_at: then,
        start_at: then + 1,
        due_at: null,
      });
      await engine.claim();
    }
    return { service, engine, checks, world, writes, start, until, itIsTime };
  }

  const later = () => new Date(Date.now() + 3_600_000).toISOString();
  const isOver = ({ endedAt }: RunView) => endedAt !== undefined;

  it('begin when somebody else approves, and hold their mesh from the start', async () => {
    const { service, start, until } = await upgrades(asking);
    expect((await service.plan(UPGRADE)).waitsFor).toEqual([
      expect.objectContaining({ kind: 'approval' }),
    ]);
    const { id, approval } = await start(UPGRADE);
    expect(approval).toEqual({});
    await until(id, run => run.waitsFor?.kind === 'approval');
    for (const subject of [UPGRADE, RESTART]) {
      await expect(service.plan(subject)).rejects.toMatchObject({
        name: 'ConflictError',
        runId: id,
      });
    }
    await expect(
      service.approve(id, { approvedBy: ADA }),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    await expect(service.reject(id, { rejectedBy: ADA })).rejects.toMatchObject(
      { name: 'NotAllowedError' },
    );
    const approved = await service.approve(id, { approvedBy: BOB });
    expect(approved.approval).toMatchObject({
      decision: 'approved',
      decidedBy: BOB,
    });
    await expect(service.reject(id, { rejectedBy: BOB })).rejects.toMatchObject(
      {
        name: 'ConflictError',
        message: expect.stringContaining(`approved by ${BOB}`),
      },
    );
    expect((await until(id, isOver)).startedAt).toBeDefined();
    expect((await service.plan(RESTART)).waitsFor).toEqual([]);
  });

  it('end with a rejection, and are tried again only as what they were', async () => {
    const { service, start, until, writes } = await upgrades(asking);
    const { id } = await start(UPGRADE);
    await expect(start(UPGRADE, { retryOf: id })).rejects.toMatchObject({
      runId: id,
    });
    await service.reject(id, { rejectedBy: BOB, reason: 'not today' });
    expect(await until(id, isOver)).toMatchObject({
      state: 'stopped',
      startedAt: undefined,
      message: `Rejected by ${BOB}: not today. Nothing was changed.`,
    });
    expect(writes).toEqual([]);
    const again = await start(UPGRADE, { retryOf: id });
    expect(again.retryOf).toBe(id);
    await service.stop(again.id, { stoppedBy: ADA });
    await until(again.id, isOver);
    await expect(start(RESTART, { retryOf: id })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('of kind mesh, not sidecars'),
    });
    const { items } = await service.runs({ state: ['stopped'] });
    expect(items.map(run => run.id)).toEqual([again.id, id]);
  });

  it.each<
    [string, (world: Awaited<ReturnType<typeof upgrades>>) => void, RegExp]
  >([
    [
      'the clusters changed',
      ({ world }) => {
        world.image = 'pilot:1.29.5';
      },
      /Nothing was changed.*clusters have changed/,
    ],
    [
      'a check found a blocker',
      ({ checks }) =>
        checks.checkMesh.mockResolvedValue({ ...PASSED, passed: false }),
      /Nothing was changed.*checks did not pass/,
    ],
  ])(
    'end before their first write when meanwhile %s',
    async (_, change, why) => {
      const all = await upgrades();
      const { id } = await all.start(UPGRADE, { startAt: later() });
      await all.until(id, run => run.waitsFor?.kind === 'time');
      change(all);
      await all.itIsTime();
      expect(await all.until(id, isOver)).toMatchObject({
        state: 'failed',
        startedAt: undefined,
        message: expect.stringMatching(why),
      });
      expect(all.writes).toEqual([]);
    },
  );

  it('begin with the consents of their start when nothing changed, whatever the check says of the run itself', async () => {
    const { start, until, itIsTime, checks } = await upgrades();
    const finding = { id: 'skew', title: 'Older sidecars' };
    checks.checkMesh.mockResolvedValue({
      ...PASSED,
      findings: [
        {
          ...finding,
          check: 'data-plane-skew',
          severity: 'consent',
          evidence: { object: 'mesh', observed: '3', expected: '0' },
          remedy: '',
        },
      ],
      consents: ['skew'],
    });
    const { id } = await start(UPGRADE, {
      startAt: later(),
      consents: ['skew'],
    });
    await itIsTime();
    expect((await until(id, isOver)).startedAt).toBeDefined();
    expect(checks.checkMesh).toHaveBeenLastCalledWith(
      expect.objectContaining({ id: 'shop' }),
      '1.30.3',
      expect.objectContaining({ runId: id }),
    );
  });

  it('tell the window that they wait for, and do not begin by rules that nobody can read', async () => {
    const windows = closed();
    const { service, start, until } = await upgrades({
      ...DEFAULT_POLICY,
      windows,
    });
    const [foreseen] = (await service.plan(UPGRADE)).waitsFor!;
    expect(foreseen).toMatchObject({ kind: 'window' });
    const { id } = await start(UPGRADE);
    const waiting = await until(id, run => run.state === 'waiting');
    expect(waiting.waitsFor).toEqual(foreseen);

    const broken = await upgrades({
      ...DEFAULT_POLICY,
      problem: 'from: 25:00',
    });
    await expect(broken.start(UPGRADE)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('from: 25:00'),
    });
  });
});
