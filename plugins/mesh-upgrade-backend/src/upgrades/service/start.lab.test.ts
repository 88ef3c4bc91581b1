import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  ADA,
  mesh,
  PASSED,
  toTarget,
  upgradesOnLab,
  workload,
} from '../__testUtils__/upgradesOnLab';

jest.setTimeout(120_000);

const SEARCH = 'prod-eu/storefront/Deployment/search';

describe('starting a run, on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;

  async function begin(options?: Parameters<typeof upgradesOnLab>[0]) {
    world = await upgradesOnLab(options);
  }
  afterEach(() => world.stop());

  it('refuses what must not be started', async () => {
    await begin({ modes: { 'prod-eu': 'restart', 'prod-us': 'read' } });
    const { service, start } = world;
    world.meshes.push(mesh('shop', 'sail', '1.29.4', ['prod-eu']));
    const abroad = 'prod-us/storefront/Deployment/search';
    world.workloads.push(
      workload(SEARCH, '1.29.4'),
      workload(abroad, '1.29.4'),
    );
    const sidecars = (...workloads: string[]): UpgradeSubject => ({
      kind: 'sidecars',
      workloads,
    });

    const wrong: [UpgradeSubject, string | RegExp][] = [
      [sidecars(), 'workloads must not be empty'],
      [sidecars(SEARCH, 'a/b/c/d'), 'Unknown workloads: a/b/c/d'],
      [toTarget('shop', '1.28.0'), '1.28.0 is older'],
      [toTarget('nowhere', '1.30.3'), "No mesh 'nowhere'"],
    ];
    for (const [subject, message] of wrong) {
      await expect(service.plan(subject)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(message),
      });
    }

    await expect(start(toTarget('shop', '1.30.3'))).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining('mode: full'),
    });
    await expect(start(sidecars(abroad))).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining('mode: restart'),
    });
    await expect(
      service.start({ ...sidecars(SEARCH), planHash: 'stale' }, ADA),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      plan: { hash: expect.any(String) },
    });
    world.checks.checkSidecars.mockResolvedValueOnce({
      ...PASSED,
      passed: false,
      findings: [
        {
          id: 'c1',
          check: 'c',
          severity: 'blocker',
          title: 'Webhook is down',
          workload: SEARCH,
          evidence: { object: 'o', observed: 'no answer', expected: 'a pod' },
          remedy: 'Start istiod.',
        },
      ],
    });
    await expect(start(sidecars(SEARCH))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(
        `${SEARCH}: Webhook is down (no answer, expected a pod). Start istiod.`,
      ),
    });
    expect(await service.activeRuns()).toEqual([]);
    expect(world.writes).toEqual([]);
  });

  it('starts only with every consent that is asked for, and remembers who gave it', async () => {
    await begin();
    const { service, start } = world;
    world.workloads.push(workload(SEARCH, '1.29.4'));
    const search = { kind: 'sidecars' as const, workloads: [SEARCH] };
    world.checks.checkSidecars.mockResolvedValue({
      ...PASSED,
      consents: ['c1'],
      findings: [
        {
          id: 'c1',
          check: 'single-replica',
          severity: 'consent',
          title: 'One replica only',
          workload: SEARCH,
          evidence: { object: 'o', observed: '1 replica', expected: 'two' },
          remedy: 'Add a replica.',
        },
      ],
    });
    await expect(start(search, ['other'])).rejects.toMatchObject({
      name: 'InputError',
      message: `'consents' must name what you consent to: ${SEARCH}: One replica only (c1)`,
    });
    expect(await service.activeRuns()).toEqual([]);

    const { id } = await start(search, ['c1']);
    await world.end(id);
    const events = await service.events(id, {});
    expect(events[1].message).toBe(
      `${ADA.startedBy} consented to: ${SEARCH}: One replica only (1 replica)`,
    );
  });
});
