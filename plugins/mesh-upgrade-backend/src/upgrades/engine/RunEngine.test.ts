import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { KubernetesError } from '../../clusters/KubernetesError';
import { DatabaseRunStore } from '../store/DatabaseRunStore';
import type { NewRun } from '../store/RunStore';
import { newRun } from '../testing/runs';
import type {
  EngineWrite,
  Run,
  Step,
  StepActuator,
  StepObservation,
} from '../types';
import {
  RunEngine,
  type EngineSettings,
  type RunEngineOptions,
} from './RunEngine';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });

jest.setTimeout(60_000);

const FAKEABLE = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/** A cluster in which each write puts its intent where the next look finds it. */
class FakeWorld implements StepActuator {
  readonly action = 'fake';
  /** What was written, per step. */
  readonly written = new Map<string, string[]>();
  readonly ready = new Set<string>();
  beforeAct: (step: Step, run: Run) => Promise<void> | void = () => {};
  afterAct: (step: Step) => void = () => {};
  see: (step: Step) => StepObservation | undefined = () => undefined;
  intents = 0;

  async observe(step: Step, _run?: Run): Promise<StepObservation> {
    const seen = this.see(step);
    if (seen) {
      return seen;
    }
    if (!this.written.get(step.id)?.includes(String(step.intent!.value))) {
      return { state: 'wanting', message: 'to be written' };
    }
    return this.ready.has(step.id)
      ? { state: 'done', message: 'ready' }
      : { state: 'moving', message: 'rolling' };
  }

  intend(): Record<string, unknown> {
    this.intents += 1;
    return { value: `intent ${this.intents}` };
  }

  async act(step: Step, run: Run): Promise<void> {
    await this.beforeAct(step, run);
    const former = this.written.get(step.id) ?? [];
    this.written.set(step.id, [...former, String(step.intent!.value)]);
    this.afterAct(step);
  }
}

describe.each(databases.eachSupportedId())('RunEngine on %s', databaseId => {
  let knex: Knex;
  let store: DatabaseRunStore;
  let world: FakeWorld;
  let writes: EngineWrite[];
  let engines: RunEngine[];
  let onWrite: () => void | Promise<void>;

  beforeEach(async () => {
    onWrite = () => {};
    knex = await databases.init(databaseId);
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
    store = DatabaseRunStore.create({ database: knex });
    world = new FakeWorld();
    writes = [];
    engines = [];
  });
  afterEach(() => Promise.all(engines.map(engine => engine.stop())));

  function newEngine(
    settings: Partial<EngineSettings> = {},
    more: Pick<RunEngineOptions, 'revalidate'> = {},
  ): RunEngine {
    const engine = RunEngine.create({
      ...more,
      store,
      actuators: [world],
      logger: mockServices.logger.mock(),
      // Only `tick` below drives it, unless a test wants its own turns.
      settings: { cadenceMs: 3_600_000, ...settings },
      onWrite: write => {
        writes.push(write);
        return onWrite();
      },
    });
    engines.push(engine);
    return engine;
  }

  async function create(run: NewRun): Promise<NewRun> {
    await store.create(run, [{ key: `mesh:${run.id}`, exclusive: true }]);
    return run;
  }

  /** One pass of every run that the engine can have. */
  async function tick(engine: RunEngine): Promise<void> {
    const claimed = await engine.claim();
    const runs: string[] = await knex('runs').pluck('id');
    await Promise.all(
      runs
        .filter(runId => !claimed.includes(runId))
        .map(runId => engine.advance(runId)),
    );
  }

  const stateOf = async (run: NewRun) => (await store.get(run.id))!.state;
  const stepsOf = async (run: NewRun) =>
    (await store.get(run.id))!.steps.map(step => step.state);
  /** What a killed process leaves: a lease that runs out. */
  const kill = () => knex('runs').update({ lease_expires_at: 1 });

  it('takes a run from its first write to its proven end, one step after the other', async () => {
    const run = await create(newRun({ steps: 2 }));
    const engine = newEngine();
    await tick(engine);
    expect(await stepsOf(run)).toEqual(['running', 'pending']);
    expect(world.written.get('1')).toEqual(['intent 1']);
    world.ready.add('1');
    await tick(engine);
    expect(await stepsOf(run)).toEqual(['succeeded', 'running']);
    world.ready.add('2');
    await tick(engine);
    expect(await stateOf(run)).toBe('succeeded');
    expect(writes.map(w => `${w.step.id} ${w.outcome}`)).toEqual([
      '1 initiated',
      '1 succeeded',
      '2 initiated',
      '2 succeeded',
    ]);
    const events = await store.events(run.id, { limit: 100 });
    expect(events.at(-1)?.message).toMatch(/^Succeeded/);
  });

  it('goes on by itself between two claims', async () => {
    const run = await create(newRun());
    world.ready.add('1');
    const engine = newEngine({ cadenceMs: 10 });
    engine.poke(run.id);
    while ((await stateOf(run)) !== 'succeeded') {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    expect(world.written.get('1')).toHaveLength(1);
  });

  it('looks at the run that somebody asks something of at once, at the others in their turns', async () => {
    const runs: NewRun[] = [];
    for (let i = 0; i < 10; i += 1) {
      runs.push(await create(newRun()));
    }
    const looks: string[] = [];
    const observe = world.observe.bind(world);
    const engine = newEngine();
    await engine.claim();
    world.observe = async (step, run) => {
      looks.push(run!.id);
      return observe(step);
    };
    engine.poke(runs[3].id);
    while (looks.length === 0) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    await engine.stop();
    expect(looks).toEqual([runs[3].id]);

    looks.length = 0;
    await newEngine({ cadenceMs: 100 }).claim();
    looks.length = 0;
    while (looks.length < 30) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    for (const run of runs) {
      expect(looks.filter(id => id === run.id).length).toBeGreaterThan(1);
    }
  });

  it('writes the recorded intent after a crash between intent and write', async () => {
    const run = await create(newRun());
    // The process dies where the write would have begun.
    const died = new Promise<void>(resolve => {
      world.beforeAct = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    const dead = RunEngine.create({
      store,
      actuators: [world],
      logger: mockServices.logger.mock(),
    });
    void dead.claim();
    await died;
    world.beforeAct = () => {};
    await kill();
    const heir = newEngine();
    await tick(heir);
    expect(world.written.get('1')).toEqual(['intent 1']);
    world.ready.add('1');
    await tick(heir);
    expect(await stateOf(run)).toBe('succeeded');
    expect((await store.get(run.id))!.epoch).toBe(2);
  });

  it('writes nothing twice after a crash between write and its record', async () => {
    const run = await create(newRun());
    world.afterAct = () => {
      throw new KubernetesError({
        cluster: 'prod-eu',
        action: 'patch istios default',
        reason: 'ECONNRESET',
        serverMessage: 'socket hang up',
      });
    };
    await tick(newEngine());
    expect((await store.get(run.id))!.steps[0].track.acts).toBe(0);
    await kill();
    await knex('run_steps').update({
      track: JSON.stringify({ acts: 0, errors: 0 }),
    });
    world.ready.add('1');
    await tick(newEngine());
    expect(await stateOf(run)).toBe('succeeded');
    expect(world.written.get('1')).toEqual(['intent 1']);
  });

  it('leaves a run alone as soon as another engine has it', async () => {
    const run = await create(newRun());
    const sleeper = newEngine();
    await tick(sleeper);
    await kill();
    const heir = newEngine();
    await tick(heir);
    world.see = () => ({ state: 'failed', message: 'seen by the sleeper' });
    await tick(sleeper);
    expect(await stateOf(run)).toBe('running');
    world.see = () => undefined;
    world.ready.add('1');
    await tick(heir);
    expect(await stateOf(run)).toBe('succeeded');
  });

  it('does not write when the lease was lost while it looked', async () => {
    await create(newRun());
    let claimed = false;
    world.see = () => undefined;
    const observe = world.observe.bind(world);
    world.observe = async step => {
      const seen = await observe(step);
      if (!claimed) {
        claimed = true;
        await kill();
        await store.claim({ owner: 'rival', leaseMs: 60_000 });
      }
      return seen;
    };
    await tick(newEngine());
    expect(claimed).toBe(true);
    expect(world.written.size).toBe(0);
    expect(writes).toEqual([]);
  });

  it('does not begin a write when it stood still for longer than its lease', async () => {
    const run = await create(newRun());
    const engine = newEngine({ leaseMs: 200 });
    onWrite = async () => {
      await new Promise(resolve => setTimeout(resolve, 300));
    };
    await tick(engine);
    expect(world.written.size).toBe(0);
    onWrite = () => {};
    await tick(newEngine());
    expect(world.written.get('1')).toEqual(['intent 1']);
    expect(await stateOf(run)).toBe('running');
  });

  it('ends a step at once when a request is forbidden and waits when it may pass', async () => {
    const error = (status: number | undefined, serverMessage: string) =>
      new KubernetesError({
        cluster: 'prod-eu',
        action: 'patch istios default',
        status,
        serverMessage,
      });
    const patient = await create(newRun());
    world.beforeAct = () => {
      throw error(503, 'etcd is slow');
    };
    const engine = newEngine();
    await tick(engine);
    const waiting = (await store.get(patient.id))!;
    expect(waiting.state).toBe('running');
    expect(waiting.steps[0]).toMatchObject({
      message: expect.stringContaining('etcd is slow'),
      track: { acts: 0, errors: 1, retryAt: expect.any(String) },
    });
    await tick(engine);
    expect(writes.filter(w => w.outcome === 'initiated')).toHaveLength(1);

    const denied = await create(newRun());
    world.beforeAct = (_step, run) => {
      if (run.id === denied.id) {
        throw error(403, 'istios is forbidden');
      }
    };
    await tick(engine);
    await tick(engine);
    expect(await store.get(denied.id)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('istios is forbidden'),
    });
    expect(await stateOf(patient)).toBe('running');
  });

  it('waits after a stop for what Kubernetes does, and starts nothing more', async () => {
    const run = await create(newRun({ steps: 2 }));
    const engine = newEngine();
    await tick(engine);
    await store.requestStop(run.id, 'user:default/ada');
    await tick(engine);
    expect(await stateOf(run)).toBe('stopping');
    expect(await stepsOf(run)).toEqual(['running', 'skipped']);
    world.ready.add('1');
    await tick(engine);
    expect(await stateOf(run)).toBe('stopped');
    expect(world.written.has('2')).toBe(false);
  });

  it('starts nothing in a pause, lets go of the run while it rests, and goes on when resumed', async () => {
    const run = await create(newRun({ steps: 2 }));
    const engine = newEngine();
    await tick(engine);
    await store.requestPause(run.id, 'user:default/ada');
    world.ready.add('1');
    await tick(engine);
    expect(await stateOf(run)).toBe('paused');
    expect(await stepsOf(run)).toEqual(['succeeded', 'pending']);
    expect(await knex('runs').first('lease_owner')).toEqual({
      lease_owner: null,
    });
    await tick(newEngine());
    expect(world.written.has('2')).toBe(false);

    await store.resume(run.id, 'user:default/ada');
    world.ready.add('2');
    await tick(engine);
    await tick(engine);
    expect(await stateOf(run)).toBe('succeeded');
  });

  it('leaves a run alone until its time comes by the clock of the database, however wrong its own is', async () => {
    const now = Date.now();
    const startAt = new Date(now + 30 * 60_000).toISOString();
    const run = await create({ ...newRun(), startAt });
    jest.useFakeTimers({
      now: now + 3_600_000,
      doNotFake: FAKEABLE.filter(each => each !== 'Date'),
    });
    await tick(newEngine());
    expect(await store.get(run.id)).toMatchObject({
      state: 'waiting',
      waitsFor: { kind: 'time', until: startAt },
    });
    const { due_at: due, lease_owner: owner } = await knex('runs').first();
    expect(owner).toBeNull();
    expect(Number(due) - now).toBeGreaterThan(50_000);
    expect(Number(due) - now).toBeLessThan(70_000);
    await tick(newEngine());
    expect((await store.get(run.id))!.epoch).toBe(1);

    jest.setSystemTime(now - 3_600_000);
    await knex('runs').update({ start_at: now - 1, due_at: now - 1 });
    await tick(newEngine());
    jest.useRealTimers();
    expect(await stateOf(run)).toBe('running');
    expect(world.written.get('1')).toHaveLength(1);
  });

  it('begins when somebody approves, even while it looks, and never when somebody rejects', async () => {
    const run = await create({ ...newRun(), needsApproval: true });
    const engine = newEngine();
    await tick(engine);
    expect((await store.get(run.id))!.waitsFor?.kind).toBe('approval');
    expect(await store.claim({ owner: 'any', leaseMs: 0 })).toEqual([]);
    expect(await store.approve(run.id, 'user:default/bob')).toBe(true);
    expect(await store.reject(run.id, { rejectedBy: 'bob' })).toBe(false);
    await tick(engine);
    expect(await stateOf(run)).toBe('running');

    const other = await create({ ...newRun(), needsApproval: true });
    const release = store.release.bind(store);
    store.release = async (...args) => {
      // Between the look at the run and its rest.
      await store.reject(other.id, { rejectedBy: 'bob', reason: 'no' });
      return release(...args);
    };
    await tick(engine);
    await tick(engine);
    expect(await store.get(other.id)).toMatchObject({
      state: 'stopped',
      message: 'Rejected by bob: no. Nothing was changed.',
      approval: { decision: 'rejected', decidedBy: 'bob', reason: 'no' },
    });
    expect(writes.some(write => write.run.id === other.id)).toBe(false);
    expect(await store.approve(other.id, 'carl')).toBe(false);
  });

  it('keeps its lease while a run that waited is checked again, and writes only what still fits', async () => {
    const fits = await create(newRun());
    const stale = await create(newRun());
    const unknown = await create(newRun());
    const now = Date.now();
    await knex('runs').update({ created_at: now - 120_000 });
    let answer = () => {};
    const answered = new Promise<void>(resolve => {
      answer = resolve;
    });
    const engine = newEngine(
      { cadenceMs: 20, leaseMs: 2_000 },
      {
        revalidate: async run => {
          await answered;
          if (run.id === unknown.id) {
            throw new Error('prod-eu does not answer');
          }
          return run.id === stale.id ? 'The clusters have changed' : undefined;
        },
      },
    );
    await tick(engine);
    await new Promise(resolve => setTimeout(resolve, 2_500));
    expect(await store.claim({ owner: 'rival', leaseMs: 0 })).toEqual([]);
    expect(world.written.size).toBe(0);
    answer();
    world.ready.add('1');
    while ((await stateOf(fits)) !== 'succeeded') {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    await tick(engine);
    expect(await store.get(stale.id)).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(/Nothing was changed.*have changed/),
    });
    expect(await store.get(unknown.id)).toMatchObject({
      state: 'queued',
      message: expect.stringMatching(/prod-eu does not answer/),
    });
    expect(new Set(writes.map(write => write.run.id))).toEqual(
      new Set([fits.id]),
    );
  });

  it('lets go of its runs when it is stopped', async () => {
    const run = await create(newRun());
    const first = newEngine();
    await tick(first);
    await first.stop();
    world.ready.add('1');
    await tick(newEngine());
    expect(await stateOf(run)).toBe('succeeded');
  });
});
