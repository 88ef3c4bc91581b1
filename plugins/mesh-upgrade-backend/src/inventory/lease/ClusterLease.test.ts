import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { ClusterLease } from './ClusterLease';
import { DEFAULT_LEASE_TIMING, holdLease } from './holdLease';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });
const TIMING = { ttlMs: 600, renewMs: 100 };

jest.setTimeout(60_000);

describe.each(databases.eachSupportedId())('a lease on %s', id => {
  let database: Knex;
  let stops: (() => Promise<void>)[];

  beforeEach(async () => {
    stops = [];
    database = await databases.init(id);
    await database.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
  });

  afterEach(async () => {
    await Promise.all(stops.map(stop => stop()));
  });

  function leaseOf(holder: string, ttlMs = 60_000): ClusterLease {
    return ClusterLease.create({ database, cluster: 'prod', holder, ttlMs });
  }

  /** A replica that follows the cluster whenever it may. */
  function replica(holder: string, lease = leaseOf(holder, TIMING.ttlMs)) {
    const stopping = new AbortController();
    const state = { working: 0, starts: 0 };
    const ended = holdLease({
      lease,
      timing: TIMING,
      logger: mockServices.logger.mock(),
      signal: stopping.signal,
      work: async signal => {
        state.working += 1;
        state.starts += 1;
        await new Promise(resolve =>
          signal.addEventListener('abort', resolve, { once: true }),
        );
        state.working -= 1;
      },
    });
    const stop = async () => {
      stopping.abort();
      await ended;
    };
    stops.push(stop);
    return { state, stop };
  }

  it('is given to exactly one of many that ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        leaseOf(`replica-${index}`).acquire(),
      ),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('stays with its holder until it runs out or is released, by the clock of the database', async () => {
    const first = leaseOf('first');
    const second = leaseOf('second');
    expect(await first.acquire()).toBe(true);
    expect(await second.acquire()).toBe(false);
    // A replica whose clock is an hour ahead must not think that the lease is over.
    jest.useFakeTimers({
      doNotFake: [
        'nextTick',
        'setImmediate',
        'setTimeout',
        'setInterval',
        'clearTimeout',
        'clearInterval',
        'queueMicrotask',
        'performance',
      ],
      now: Date.now() + 3_600_000,
    });
    try {
      expect(await second.acquire()).toBe(false);
      expect(await first.acquire()).toBe(true);
    } finally {
      jest.useRealTimers();
    }
    await first.release();
    expect(await second.acquire()).toBe(true);

    await database('cluster_leases').update({ expires_at: 0 });
    expect(await first.acquire()).toBe(true);
    expect(await second.acquire()).toBe(false);
  });

  it('lets nobody store what was seen after the lease was lost', async () => {
    const frozen = leaseOf('frozen');
    await frozen.acquire();
    await database.transaction(trx => frozen.assertHeld(trx));
    await database('cluster_leases').update({ expires_at: 0 });
    await leaseOf('other').acquire();
    await expect(
      database.transaction(trx => frozen.assertHeld(trx)),
    ).rejects.toThrow("does not watch cluster 'prod' any more");
  });

  it('has one replica at work, and another at once when it stops', async () => {
    const first = replica('first');
    await eventually(() => expect(first.state.working).toBe(1));
    const second = replica('second');
    await new Promise(resolve => setTimeout(resolve, 2 * TIMING.ttlMs));
    expect([first.state, second.state]).toEqual([
      { working: 1, starts: 1 },
      { working: 0, starts: 0 },
    ]);

    const stoppedAt = Date.now();
    await first.stop();
    await eventually(() => expect(second.state.working).toBe(1));
    expect(Date.now() - stoppedAt).toBeLessThan(TIMING.ttlMs);
    expect(first.state.working).toBe(0);
  });

  it('passes on when its holder dies, and the holder stops when it comes back', async () => {
    const lease = leaseOf('dying', TIMING.ttlMs);
    let dead = false;
    const dying = replica('dying', {
      acquire: async () => {
        if (dead) {
          throw new Error('no connection to the database');
        }
        return lease.acquire();
      },
      release: () => lease.release(),
    } as ClusterLease);
    await eventually(() => expect(dying.state.working).toBe(1));
    const heir = replica('heir');

    const diedAt = Date.now();
    dead = true;
    await eventually(() => expect(heir.state.working).toBe(1));
    expect(Date.now() - diedAt).toBeLessThan(TIMING.ttlMs + 5 * TIMING.renewMs);
    // It cannot know that another took over, but that its own time is up.
    await eventually(() => expect(dying.state.working).toBe(0));

    dead = false;
    await new Promise(resolve => setTimeout(resolve, 4 * TIMING.renewMs));
    expect(dying.state.working).toBe(0);
    expect(heir.state.working).toBe(1);
  });
});

describe('the rhythm of leases', () => {
  it('replaces a dead replica within half a minute', () => {
    const { ttlMs, renewMs } = DEFAULT_LEASE_TIMING;
    expect(ttlMs).toBe(20_000);
    expect(ttlMs + 1.25 * renewMs).toBeLessThan(30_000);
  });

  it('starts the work again that failed', async () => {
    const stopping = new AbortController();
    let attempts = 0;
    const ended = holdLease({
      lease: { acquire: async () => true, release: async () => {} },
      timing: { ttlMs: 1_000, renewMs: 5 },
      logger: mockServices.logger.mock(),
      signal: stopping.signal,
      work: async () => {
        attempts += 1;
        throw new Error('the database went away');
      },
    });
    await eventually(() => expect(attempts).toBeGreaterThan(1));
    stopping.abort();
    await ended;
  });
});

async function eventually(assertion: () => void): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
}
