import { TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { randomUUID } from 'node:crypto';
import { newRun } from '../testing/runs';
import { DatabaseRunStore } from './DatabaseRunStore';
import type { RunLease, RunLock } from './RunStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });
const LEASE_MS = 15_000;

jest.setTimeout(60_000);

describe.each(databases.eachSupportedId())('DatabaseRunStore on %s', id => {
  async function setUp() {
    const knex = await databases.init(id);
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
    return { knex, store: DatabaseRunStore.create({ database: knex }) };
  }

  async function claim(
    store: DatabaseRunStore,
    owner: string,
    leaseMs = LEASE_MS,
  ): Promise<RunLease> {
    const [lease] = await store.claim({ owner, leaseMs });
    return lease;
  }

  const mesh = (name: string): RunLock => ({
    key: `mesh:${name}`,
    exclusive: true,
  });
  const restart = (meshName: string, workload: string): RunLock[] => [
    { key: `mesh:${meshName}`, exclusive: false },
    { key: `workload:${workload}`, exclusive: true },
  ];

  it('keeps every part of a run', async () => {
    const { store } = await setUp();
    const run = newRun({ steps: 2 });
    await store.create(run, [mesh('shop')]);
    const lease = await claim(store, 'a');
    const { run: before, now } = await store.renew(lease, LEASE_MS);
    const { needsApproval: _, ...kept } = run;
    expect(before).toMatchObject({ ...kept, state: 'queued', epoch: 1 });
    expect(before.approval).toBeUndefined();
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(5_000);

    const at = now.toISOString();
    const after = {
      ...before,
      state: 'running' as const,
      message: 'on its way',
      startedAt: at,
      steps: [
        {
          ...before.steps[0],
          state: 'running' as const,
          message: '1 of 2',
          progress: { done: 1, total: 2 },
          intent: { version: 'v1.30.3' },
          detail: { lines: 3 },
          track: { acts: 1, errors: 2, retryAt: at, mark: 'm', movedAt: at },
          startedAt: at,
        },
        before.steps[1],
      ],
    };
    await store.record(lease, {
      before,
      after,
      events: [{ stepId: '1', level: 'info', message: 'first' }],
    });

    expect(await store.get(run.id)).toEqual(after);
    const events = await store.events(run.id, { limit: 10 });
    expect(events.map(e => e.message)).toEqual([
      'Started by user:default/ada',
      'first',
    ]);
    expect(
      await store.events(run.id, { after: events[0].id, limit: 10 }),
    ).toEqual([events[1]]);
    expect((await store.list({ limit: 10 })).items).toEqual([
      expect.objectContaining({
        id: run.id,
        state: 'running',
        progress: { done: 0, total: 2 },
      }),
    ]);
  });

  it('knows of each workload the upgrade that ended last, whatever runs now', async () => {
    const { store } = await setUp();
    const cart = 'prod-eu/shop/Deployment/cart';
    const upgrade = async (
      state: 'succeeded' | 'failed' | 'running',
      endedAt?: string,
    ) => {
      const run = newRun({ kind: 'sidecars', workload: cart });
      await store.create(run, []);
      const lease = await claim(store, 'a');
      const { run: before } = await store.renew(lease, LEASE_MS);
      const [step] = before.steps;
      await store.record(lease, {
        before,
        after: {
          ...before,
          state: state === 'running' ? 'running' : state,
          steps: [{ ...step, state, endedAt }],
        },
        events: [],
      });
      return run.id;
    };
    await upgrade('failed', '2026-11-01T00:00:00.000Z');
    const last = await upgrade('succeeded', '2026-11-02T00:00:00.000Z');
    await upgrade('running');
    expect([
      ...(await store.lastUpgrades([cart, 'prod-eu/shop/Deployment/web'])),
    ]).toEqual([
      [
        cart,
        {
          runId: last,
          outcome: 'succeeded',
          targetVersion: '1.30.3',
          endedAt: '2026-11-02T00:00:00.000Z',
        },
      ],
    ]);
    expect((await store.lastUpgrades([])).size).toBe(0);
  });

  it('lets one run have a mesh, restarts share it, and a final state free it', async () => {
    const { store } = await setUp();
    const first = newRun();
    await store.create(first, [mesh('shop')]);
    await expect(store.create(newRun(), [mesh('shop')])).rejects.toMatchObject({
      name: 'ConflictError',
      runId: first.id,
    });
    await expect(
      store.create(newRun(), restart('shop', 'w1')),
    ).rejects.toMatchObject({ runId: first.id });
    expect((await store.list({ limit: 10 })).items).toHaveLength(1);

    const lease = await claim(store, 'a');
    const { run: before } = await store.renew(lease, LEASE_MS);
    const after = { ...before, state: 'succeeded' as const };
    await store.record(lease, { before, after, events: [] });
    expect((await store.get(first.id))?.endedAt).toBeDefined();

    const second = newRun({ workload: 'w1' });
    await store.create(second, restart('shop', 'w1'));
    await store.create(newRun(), restart('shop', 'w2'));
    await expect(
      store.create(newRun(), restart('shop', 'w1')),
    ).rejects.toMatchObject({ runId: second.id });
    await expect(store.assertFree([mesh('shop')])).rejects.toMatchObject({
      name: 'ConflictError',
    });
    await store.assertFree([mesh('payments')]);

    expect((await store.list({ active: true, limit: 10 })).items).toHaveLength(
      2,
    );
    expect((await store.list({ workload: 'w1', limit: 10 })).items).toEqual([
      expect.objectContaining({ id: second.id }),
    ]);
  });

  it('lets exactly one of many simultaneous starts win', async () => {
    const { store } = await setUp();
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 4 }, () =>
        store.create(newRun(), [mesh('shop')]),
      ),
      ...Array.from({ length: 4 }, (_, i) =>
        store.create(newRun(), restart('shop', `w${i % 2}`)),
      ),
    ]);
    const { items: holders } = await store.list({ active: true, limit: 10 });
    expect(outcomes.filter(o => o.status === 'fulfilled')).toHaveLength(
      holders.length,
    );
    // Either the mesh was taken first, or both workloads were.
    expect([1, 2]).toContain(holders.length);
    const refusals = outcomes.flatMap(outcome =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    expect(refusals.map(({ name, runId }) => [name, runId])).toEqual(
      refusals.map(() => ['ConflictError', expect.any(String)]),
    );
  });

  it('refuses every write of an engine whose run was claimed by another', async () => {
    const { store, knex } = await setUp();
    const run = newRun();
    await store.create(run, [mesh('shop')]);
    const zombie = await claim(store, 'zombie', 0);
    const { run: before } = await store.renew(zombie, 0);
    await knex('runs').update({ lease_expires_at: 1 });
    const heir = await claim(store, 'heir');
    expect(heir).toEqual({ runId: run.id, owner: 'heir', epoch: 2 });

    const lost = { name: 'LeaseLostError' };
    const after = {
      ...before,
      state: 'failed' as const,
      steps: before.steps.map(s => ({ ...s, state: 'failed' as const })),
    };
    const change = {
      before,
      after,
      events: [{ level: 'error' as const, message: 'from the grave' }],
    };
    await expect(store.record(zombie, change)).rejects.toMatchObject(lost);
    await expect(store.renew(zombie, LEASE_MS)).rejects.toMatchObject(lost);
    await expect(store.release(zombie)).rejects.toMatchObject(lost);

    const { run: now } = await store.renew(heir, LEASE_MS);
    expect(now).toMatchObject({ state: 'queued', epoch: 2 });
    expect(now.steps[0].state).toBe('pending');
    expect(await store.events(run.id, { limit: 10 })).toHaveLength(1);
  });

  it('claims a run once while its lease holds, and at once when released', async () => {
    const { store } = await setUp();
    await store.create(newRun(), [mesh('shop')]);
    const claims = await Promise.all(
      ['a', 'b', 'c'].map(owner => store.claim({ owner, leaseMs: LEASE_MS })),
    );
    const [lease, ...others] = claims.flat();
    expect(others).toEqual([]);
    expect(await claim(store, 'd')).toBeUndefined();
    await store.release(lease);
    expect(await claim(store, 'd')).toMatchObject({ owner: 'd', epoch: 2 });
  });

  it('keeps a stop that is asked for while the engine writes', async () => {
    const { store } = await setUp();
    const run = newRun();
    await store.create(run, [mesh('shop')]);
    const lease = await claim(store, 'a');
    const { run: before } = await store.renew(lease, LEASE_MS);
    expect(await store.requestStop(run.id, 'user:default/finn')).toBe(true);
    expect(await store.requestStop(run.id, 'user:default/ada')).toBe(false);
    const after = { ...before, state: 'running' as const };
    await store.record(lease, { before, after, events: [] });
    expect((await store.get(run.id))?.state).toBe('stopping');
    expect((await store.events(run.id, { limit: 10 })).at(-1)).toMatchObject({
      level: 'warning',
      message: 'Stop asked for by user:default/finn',
    });
    expect(await store.requestStop(randomUUID(), 'user:default/ada')).toBe(
      false,
    );
  });

  it('keeps a pause and its end that are asked for while the engine writes, and lets a stop overrule both', async () => {
    const { store } = await setUp();
    const run = newRun();
    await store.create(run, [mesh('shop')]);
    const stateNow = async () => (await store.get(run.id))?.state;
    expect(await store.resume(run.id, 'user:default/ada')).toBe(false);
    expect(await store.requestPause(run.id, 'user:default/finn')).toBe(true);
    expect(await store.requestPause(run.id, 'user:default/ada')).toBe(false);
    expect(await stateNow()).toBe('paused');
    expect(await store.resume(run.id, 'user:default/finn')).toBe(true);
    expect(await stateNow()).toBe('queued');

    await store.requestPause(run.id, 'user:default/finn');
    const lease = await claim(store, 'a');
    const { run: before } = await store.renew(lease, LEASE_MS);
    await store.resume(run.id, 'user:default/ada');
    const after = { ...before, startedAt: '2026-11-01T00:00:00.000Z' };
    await store.record(lease, { before, after, events: [] });
    expect(await stateNow()).toBe('running');

    await store.requestPause(run.id, 'user:default/finn');
    await store.requestStop(run.id, 'user:default/ada');
    expect(await stateNow()).toBe('stopping');
    expect(await store.requestPause(run.id, 'user:default/ada')).toBe(false);
    expect(
      (await store.events(run.id, { limit: 10 })).map(({ message }) => message),
    ).toEqual([
      expect.stringContaining('Started by'),
      'Pause asked for by user:default/finn',
      'Resumed by user:default/finn',
      'Pause asked for by user:default/finn',
      'Resumed by user:default/ada',
      'Pause asked for by user:default/finn',
      'Stop asked for by user:default/ada',
    ]);
  });

  it('can be taken down again', async () => {
    const { knex, store } = await setUp();
    await store.create(newRun(), [mesh('shop')]);
    await knex.migrate.rollback(
      {
        directory: resolvePackagePath(
          '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
          'migrations',
        ),
      },
      true,
    );
    expect(await knex.schema.hasTable('runs')).toBe(false);
  });
});
