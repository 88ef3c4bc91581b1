import { TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { DatabaseRunStore } from '../store/DatabaseRunStore';
import { newRun, newStep } from '../testing/runs';
import { DurationHistory } from './DurationHistory';
import { usualDurations, type SeenDuration } from './usualDurations';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });
const ONE = { concurrency: 3, clustersAtOnce: 1 };

jest.setTimeout(60_000);

function took(
  seconds: number,
  overrides: Partial<SeenDuration> = {},
): SeenDuration {
  return {
    kind: 'mesh',
    action: 'helm-job',
    title: 'istiod',
    ms: seconds * 1000,
    ...overrides,
  };
}

describe('usualDurations', () => {
  it('takes the median of steps of the same name, else of the same action', () => {
    const seen = [
      took(40),
      took(60),
      took(500),
      took(4, { title: 'base' }),
      took(9, { kind: 'sidecars' }),
    ];
    const steps = ['base', 'istiod', 'ztunnel', 'other'].map(title =>
      newStep({ title, action: title === 'other' ? 'manual' : 'helm-job' }),
    );
    expect(usualDurations({ kind: 'mesh', steps }, seen, ONE)).toEqual({
      run: undefined,
      steps: [4, 60, 50, undefined],
    });
  });

  it('adds up what follows one another, and takes the longest of what is done at once', () => {
    const seen = [
      took(10),
      took(4, { title: 'proxies', action: 'proxy-health' }),
      took(2, { title: 'injection', action: 'injection-health' }),
    ];
    const upgrade = (cluster: string, stage: number) =>
      newStep({ action: 'helm-job', cluster, stage });
    const check = (action: string, stage: number) =>
      newStep({ phase: 'healthCheck', action, stage });
    const steps = [
      upgrade('a', 0),
      check('proxy-health', 0),
      check('injection-health', 0),
      upgrade('b', 1),
      upgrade('b', 1),
      upgrade('c', 1),
      check('injection-health', 1),
      check('never-seen', 1),
    ];
    const run = { kind: 'mesh' as const, steps };
    expect(usualDurations(run, seen, ONE).run).toBe(10 + 4 + 30 + 2);
    const two = { ...ONE, clustersAtOnce: 2 };
    expect(usualDurations(run, seen, two).run).toBe(10 + 4 + 20 + 2);
  });

  it('divides the workloads of a sidecar run by how many are restarted at once', () => {
    const steps = Array.from({ length: 7 }, (_, i) =>
      newStep({ title: `w${i}`, action: 'restart' }),
    );
    const seen = [took(30, { kind: 'sidecars', action: 'restart' })];
    expect(usualDurations({ kind: 'sidecars', steps }, seen, ONE).run).toBe(70);
  });
});

describe.each(databases.eachSupportedId())('DurationHistory on %s', id => {
  it('reads the steps that were taken to their end in the latest runs of each kind', async () => {
    const knex = await databases.init(id);
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
    const store = DatabaseRunStore.create({ database: knex });
    const add = async (
      kind: 'mesh' | 'sidecars',
      at: number,
      step: { state: string; ms: number },
      state = 'succeeded',
    ) => {
      const run = newRun({ kind });
      await store.create(run, []);
      await knex('runs')
        .where({ id: run.id })
        .update({ created_at: at, ended_at: at + 1, state });
      await knex('run_steps')
        .where({ run_id: run.id })
        .update({
          state: step.state,
          started_at: at,
          ended_at: at + step.ms,
        });
    };
    await add('mesh', 1_000, { state: 'succeeded', ms: 7 });
    await add('mesh', 2_000, { state: 'failed', ms: 8 }, 'failed');
    await add('mesh', 2_001, { state: 'skipped', ms: 5 });
    await add('mesh', 2_002, { state: 'skipped', ms: 1 }, 'stopped');
    for (let i = 0; i < 52; i++) {
      await add('sidecars', 10_000 + i, { state: 'succeeded', ms: i });
    }
    const active = newRun();
    await store.create(active, []);

    const history = DurationHistory.create({ database: knex });
    const seen = await history.seen();
    expect(seen.filter(({ kind }) => kind === 'mesh')).toEqual(
      [5, 7].map(ms => ({ kind: 'mesh', action: 'fake', title: 'step 1', ms })),
    );
    expect(
      seen
        .filter(({ kind }) => kind === 'sidecars')
        .map(({ ms }) => ms)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 50 }, (_, i) => i + 2));

    await add('mesh', 3_000, { state: 'succeeded', ms: 9 });
    expect(await history.seen()).toEqual(seen);
  });
});
