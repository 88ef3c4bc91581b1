import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { DatabaseSourceStore } from './DatabaseSourceStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });

jest.setTimeout(60_000);

describe.each(databases.eachSupportedId())('DatabaseSourceStore on %s', id => {
  let database: Knex;
  const name = 'docker.io/istio/pilot';
  const at = new Date('2026-09-01T10:00:00.000Z');
  const later = new Date('2026-09-01T10:10:00.000Z');

  beforeAll(async () => {
    database = await databases.init(id);
    await database.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
  });

  beforeEach(() => database('version_sources').delete());

  const record = async (store: DatabaseSourceStore) =>
    (await store.records()).get(name);

  it('tells other replicas and the next start what was answered, and when', async () => {
    const store = DatabaseSourceStore.create(database);
    const other = DatabaseSourceStore.create(database);
    await expect(other.records()).resolves.toEqual(new Map());

    const answer = { tags: ['1.30.3'], retired: ['1.27.8'], mirror: 'm.io/x' };
    await store.saveAnswer(name, { answer, at });
    const kept = { name, answer, seenAt: at, askedAt: at };
    await expect(record(store)).resolves.toEqual(kept);
    await expect(record(other)).resolves.toEqual(kept);

    const next = { tags: ['1.30.3', '1.31.1'] };
    await other.saveAnswer(name, { answer: next, at: later });
    await expect(record(store)).resolves.toMatchObject({ answer: next });
  });

  it('keeps the last good answer with its age while the source fails', async () => {
    const store = DatabaseSourceStore.create(database);
    const answer = { tags: ['1.30.3'] };
    await store.saveAnswer(name, { answer, at });
    const retryAt = new Date('2026-09-01T11:00:00.000Z');
    await store.saveFailure(name, { error: 'DENIED', at: later, retryAt });
    await expect(record(DatabaseSourceStore.create(database))).resolves.toEqual(
      { name, answer, seenAt: at, askedAt: later, error: 'DENIED', retryAt },
    );

    await store.saveAnswer(name, { answer, at: later });
    expect(await record(store)).not.toHaveProperty('error', 'DENIED');
    expect((await record(store))?.retryAt).toBeUndefined();
  });

  it('knows a source that never answered, and forgets what nobody asks for', async () => {
    const store = DatabaseSourceStore.create(database);
    await store.saveFailure(name, { error: 'ECONNREFUSED', at });
    await expect(record(store)).resolves.toEqual({
      name,
      askedAt: at,
      error: 'ECONNREFUSED',
    });
    await store.forgetBefore(at);
    await expect(record(store)).resolves.toBeDefined();
    await store.forgetBefore(later);
    await expect(record(store)).resolves.toBeUndefined();
  });
});
