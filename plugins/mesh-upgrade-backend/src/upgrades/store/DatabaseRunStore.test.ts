import { TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { RunFilter } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { randomUUID } from 'node:crypto';
import { newRun } from '../testing/runs';
import { DatabaseRunStore } from './DatabaseRunStore';
import type { NewRun, RunLease, RunLock } from './RunStore';

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

  it('keeps what a run waits for, who decided about it, and which runs it follows', async () => {
    const { store } = await setUp();
    const run: NewRun = {
      ...newRun(),
      startAt: '2026-11-30T22:00:00.000Z',
      retryOf: 'former',
      returnOf: 'first',
      consents: ['skew'],
      needsApproval: true,
    };
    await store.create(run, []);
    const lease = await claim(store, 'a');
    const { run: before } = await store.renew(lease, LEASE_MS);
    const waitsFor = { kind: 'approval' as const, message: 'waits' };
    const drift = {
      seen: { 'Istio default': { kubectl: 'then' } },
      told: [],
    };
    const after = { ...before, state: 'waiting' as const, waitsFor, drift };
    await store.record(lease, { before, after, events: [] });
    const { startAt, retryOf, returnOf, consents, subject } = run;
    const kept = { startAt, retryOf, returnOf, waitsFor, approval: {} };
    expect(await store.get(run.id)).toMatchObject({
      ...kept,
      consents,
      subject,
      drift,
    });
    expect((await store.list({ limit: 1 })).items).toMatchObject([kept]);

    await store.requestPause(run.id, 'ada');
    expect((await store.get(run.id))!.waitsFor).toBeUndefined();
    expect(await store.approve(run.id, 'bob')).toBe(true);
    expect((await store.get(run.id))!.approval).toEqual({
      decision: 'approved',
      decidedBy: 'bob',
      decidedAt: expect.any(String),
    });
    const plain = newRun();
    await store.create(plain, []);
    expect(await store.approve(plain.id, 'bob')).toBe(false);
    expect((await store.get(plain.id))!.approval).toBeUndefined();
  });

  it('rests until it is due, unless somebody asked for something meanwhile', async () => {
    const { store, knex } = await setUp();
    const run = newRun();
    await store.create(run, []);
    const rest = async () => {
      const lease = await claim(store, 'a');
      const { run: seen, now } = await store.renew(lease, LEASE_MS);
      const until = new Date(now.getTime() + 60_000);
      return { lease, until, requests: seen.requests };
    };
    const first = await rest();
    await store.release(first.lease, first);
    expect(await store.claim({ owner: 'b', leaseMs: 0 })).toEqual([]);
    await knex('runs').update({ due_at: Date.now() - 1 });
    const second = await rest();
    await store.requestPause(run.id, 'ada');
    await store.release(second.lease, second);
    expect(await store.claim({ owner: 'b', leaseMs: 0 })).toHaveLength(1);
  });

  it('finds runs by kind, state, person and time, page by page without losing or doubling one', async () => {
    const { store, knex } = await setUp();
    const ids: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      const run = {
        ...newRun({ kind: i % 2 ? 'sidecars' : 'mesh' }),
        startedBy: i < 4 ? 'user:default/ada' : 'user:default/bob',
      };
      ids.push(run.id);
      await store.create(run, []);
      // Two at the same time: the order has to hold all the same.
      await knex('runs')
        .where({ id: run.id })
        .update({ created_at: Math.floor(i / 2) * 1000 });
    }
    await knex('runs')
      .whereIn('id', [ids[5], ids[6]])
      .update({ state: 'failed', ended_at: 9_000 });
    await store.requestPause(ids[0], 'ada');
    await store.requestStop(ids[1], 'ada');

    const all = await store.list({ limit: 10 });
    expect(all.next).toBeUndefined();
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ limit: 2, cursor });
      paged.push(...page.items.map(item => item.id));
      cursor = page.next;
    } while (cursor);
    expect(paged).toEqual(all.items.map(item => item.id));
    expect(new Set(paged)).toEqual(new Set(ids));
    expect(new Set(paged.slice(-2))).toEqual(new Set([ids[5], ids[6]]));

    const found = async (filter: RunFilter) => {
      const { items } = await store.list({ ...filter, limit: 10 });
      return items.map(({ id: one }) => ids.indexOf(one)).sort();
    };
    expect(await found({ kind: ['mesh'] })).toEqual([0, 2, 4, 6]);
    expect(await found({ kind: ['mesh', 'sidecars'] })).toHaveLength(7);
    expect(await found({ state: ['paused', 'stopping'] })).toEqual([0, 1]);
    expect(await found({ state: ['queued'] })).toEqual([2, 3, 4]);
    expect(await found({ state: ['failed'], kind: ['mesh'] })).toEqual([6]);
    expect(await found({ startedBy: 'user:default/bob' })).toEqual([4, 5, 6]);
    const at = (seconds: number) => new Date(seconds * 1000).toISOString();
    expect(await found({ since: at(1), until: at(2) })).toEqual([2, 3]);
    expect(await found({ active: false })).toEqual([5, 6]);
    expect(await found({ mesh: 'other' })).toEqual([]);
    await expect(
      store.list({ limit: 1, cursor: 'bogus' }),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  it('tells what Jobs printed from what the run says', async () => {
    const { store } = await setUp();
    const run = newRun();
    await store.create(run, []);
    const lease = await claim(store, 'a');
    const { run: before } = await store.renew(lease, LEASE_MS);
    await store.record(lease, {
      before,
      after: before,
      events: [
        { level: 'info', message: 'begins' },
        { level: 'info', message: 'Release "istiod"', output: true },
      ],
    });
    const messages = async (output?: boolean) =>
      (await store.events(run.id, { output, limit: 10 })).map(e => e.message);
    expect(await messages(true)).toEqual(['Release "istiod"']);
    expect(await messages(false)).toEqual([
      'Started by user:default/ada',
      'begins',
    ]);
    expect(await messages()).toHaveLength(3);
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
