import type { Lab } from '@internal/lab';
import type { UpgradeSubject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { livePodsOf, proxyOf } from '../../kubernetes/pods';
import { DEPLOYMENTS, type Deployment } from '../../kubernetes/types';
import { upgradesOnLab, workload } from '../__testUtils__/upgradesOnLab';

jest.setTimeout(120_000);

const SEARCH = 'prod-eu/storefront/Deployment/search';
const WEB = 'prod-eu/storefront/Deployment/web-frontend';
const CATALOG = 'prod-eu/storefront/Deployment/product-catalog';

describe('restarts, on the lab', () => {
  let world: Awaited<ReturnType<typeof upgradesOnLab>>;
  let lab: Lab;

  async function begin(options?: Parameters<typeof upgradesOnLab>[0]) {
    world = await upgradesOnLab(options);
    lab = world.lab;
  }
  afterEach(() => world.stop());

  async function proxies(cluster: string, namespace: string, name: string) {
    const client = world.client(cluster);
    const deployment = await client.get<Deployment>({
      ...DEPLOYMENTS,
      namespace,
      name,
    });
    const pods = await livePodsOf(client, deployment, {});
    return pods.map(pod => proxyOf(pod)?.version);
  }

  it('restarts workloads and proves the sidecar of every pod', async () => {
    await begin();
    world.workloads.push(
      workload(SEARCH, '1.29.4'),
      workload(WEB, '1.29.4', {
        method: { kind: 'none', blockers: ['It is paused'] },
      }),
    );
    expect(await proxies('prod-eu', 'storefront', 'search')).toContain(
      '1.29.2',
    );
    const subject: UpgradeSubject = {
      kind: 'sidecars',
      workloads: [SEARCH, WEB],
    };
    const plan = await world.service.plan(subject);
    expect(plan).toMatchObject({
      pods: 2,
      targetVersion: '1.29.4',
      skipped: [{ workload: WEB, reason: 'It is paused' }],
      changes: [{ before: 'proxy 1.29.2', after: 'proxy 1.29.4' }],
    });
    const { id } = await world.start(subject);
    const run = await world.end(id);
    expect(run).toMatchObject({
      state: 'succeeded',
      steps: [{ progress: { done: 2, total: 2 }, workload: SEARCH }],
    });
    expect(await proxies('prod-eu', 'storefront', 'search')).toEqual([
      '1.29.4',
      '1.29.4',
    ]);
  });

  it('ends the run at once when a new pod gets no sidecar', async () => {
    await begin();
    world.workloads.push(workload(SEARCH, '1.29.4'));
    lab.knobs.replace({
      clusters: { 'prod-eu': { missingInjection: [{ namePrefix: 'search' }] } },
    });
    const { id } = await world.start({ kind: 'sidecars', workloads: [SEARCH] });
    const run = await world.end(id);
    expect(run.state).toBe('failed');
    expect(run.message).toMatch(/New pod search-\S+ has no sidecar/);
  });

  it('names the pod that does not become Ready, and stops without undoing it', async () => {
    await begin();
    const all = [SEARCH, WEB, CATALOG];
    const more = [
      'prod-eu/checkout/Deployment/cart',
      'prod-eu/checkout/Deployment/checkout',
    ];
    world.workloads.push(
      ...[...all, ...more].map(id => workload(id, '1.29.4')),
    );
    lab.knobs.replace({ clusters: { 'prod-eu': { neverReady: [{}] } } });
    const plan = await world.service.plan({ kind: 'sidecars', workloads: all });
    expect(plan.changes).toHaveLength(3);
    const { id } = await world.start({
      kind: 'sidecars',
      workloads: [...all, ...more],
    });
    const waiting = await world.until(id, run =>
      run.steps.some(step => /search-/.test(step.message)),
    );
    expect(waiting.state).toBe('running');
    const running = waiting.steps.filter(s => s.state === 'running').length;
    expect(running).toBeGreaterThan(0);
    expect(running).toBeLessThanOrEqual(3);

    const stopping = await world.service.stop(id, { stoppedBy: 'finn' });
    expect(stopping.state).toBe('stopping');
    lab.knobs.replace({});
    const run = await world.until(id, r =>
      r.steps.every(s => s.state !== 'pending'),
    );
    expect(run.steps.filter(s => s.state === 'skipped').length).toBe(
      run.steps.length - 3,
    );
    await expect(
      world.service.plan({ kind: 'sidecars', workloads: [SEARCH] }),
    ).rejects.toMatchObject({ runId: id });
  });
});
