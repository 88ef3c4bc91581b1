import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type {
  WorkloadDetail,
  WorkloadSort,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { ClusterWriter } from './ClusterWriter';
import type { ClusterBatch } from './ClusterWriter';
import { DatabaseInventory } from './DatabaseInventory';
import { removeVanishedClusters } from './removeVanishedClusters';

const MIGRATIONS = resolvePackagePath(
  '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
  'migrations',
);

function workload(
  id: string,
  more: Partial<WorkloadDetail> = {},
): WorkloadDetail {
  const [cluster, namespace, kind, name] = id.split('/');
  const outdated = more.outdated ?? false;
  return {
    id,
    cluster,
    namespace,
    kind: kind as WorkloadDetail['kind'],
    name,
    meshId: 'shop',
    status: 'injected',
    statusReason: '',
    sidecar: 'native',
    desiredVersion: '1.30.3',
    versions: [
      ...(outdated ? [{ version: '1.29.4', pods: 1 }] : []),
      { version: '1.30.3', pods: 2 },
    ],
    pods: { total: 3, ready: 3, injected: outdated ? 3 : 2 },
    outdated,
    method: { kind: 'restart', blockers: [] },
    owners: [],
    podList: [],
    ...more,
  };
}

function clusterOf(name: string): ClusterBatch['cluster'] {
  return {
    view: {
      name,
      title: name,
      mode: 'full',
      health: { state: 'healthy', since: '2026-01-01T00:00:00.000Z' },
    },
    meshIds: ['shop'],
  };
}

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });

describe.each(databases.eachSupportedId())(
  'the inventory in %s',
  databaseId => {
    let database: Knex;
    let inventory: DatabaseInventory;

    beforeEach(async () => {
      database = await databases.init(databaseId);
      await database.migrate.latest({ directory: MIGRATIONS });
      inventory = DatabaseInventory.create({
        database,
        settings: { meshes: [] },
      });
    });

    async function store(
      cluster: string,
      upserts: WorkloadDetail[],
      batch: ClusterBatch = {},
    ) {
      const writer = ClusterWriter.create({ database, cluster });
      await writer.write({
        cluster: clusterOf(cluster),
        workloads: { upserts, removals: 'allOthers' },
        ...batch,
      });
      return writer;
    }

    async function idsOf(
      query: Parameters<DatabaseInventory['workloads']>[0],
      owners?: string[],
    ) {
      const page = await inventory.workloads(query, owners && { owners });
      expect(page.total).toBe(page.items.length);
      return page.items.map(({ id }) => id);
    }

    it('filters by every key: several values mean or, several keys and', async () => {
      await store('eu', [
        workload('eu/shop/Deployment/cart', {
          outdated: true,
          owners: ['component:default/cart'],
        }),
        workload('eu/shop/StatefulSet/cart-db', {
          status: 'pendingRestart',
          owners: ['component:default/cart', 'component:default/orders'],
        }),
      ]);
      await store('us', [
        workload('us/bank/Deployment/pay_out', {
          meshId: 'bank',
          services: ['ledger', 'till'],
        }),
        workload('us/none/DaemonSet/agent', {
          meshId: undefined,
          status: 'uninjected',
        }),
      ]);

      expect(await idsOf({})).toEqual([
        'eu/shop/Deployment/cart',
        'us/bank/Deployment/pay_out',
        'us/none/DaemonSet/agent',
        'eu/shop/StatefulSet/cart-db',
      ]);
      expect(await idsOf({ cluster: ['eu'] })).toHaveLength(2);
      expect(
        await idsOf({
          cluster: ['eu', 'us'],
          kind: ['DaemonSet', 'StatefulSet'],
        }),
      ).toEqual(['us/none/DaemonSet/agent', 'eu/shop/StatefulSet/cart-db']);
      expect(await idsOf({ mesh: ['bank'] })).toEqual([
        'us/bank/Deployment/pay_out',
      ]);
      expect(await idsOf({ namespace: ['none'] })).toEqual([
        'us/none/DaemonSet/agent',
      ]);
      expect(
        await idsOf({ status: ['pendingRestart', 'uninjected'] }),
      ).toHaveLength(2);
      expect(await idsOf({ outdated: true })).toEqual([
        'eu/shop/Deployment/cart',
      ]);
      expect(await idsOf({ outdated: false })).toHaveLength(3);
      expect(await idsOf({ owner: 'component:default/orders' })).toEqual([
        'eu/shop/StatefulSet/cart-db',
      ]);
      expect(await idsOf({ text: 'SHOP cart-' })).toEqual([
        'eu/shop/StatefulSet/cart-db',
      ]);
      expect(await idsOf({ text: 'y_o' })).toEqual([
        'us/bank/Deployment/pay_out',
      ]);
      expect(await idsOf({ text: '%' })).toEqual([]);
      expect(await idsOf({ text: 'Bank TIL' })).toEqual([
        'us/bank/Deployment/pay_out',
      ]);
      // A found Service is counted anew when it goes.
      await store('us', [
        workload('us/bank/Deployment/pay_out', { services: ['ledger'] }),
      ]);
      expect(await idsOf({ text: 'till' })).toEqual([]);
      await store('us', [
        workload('us/bank/Deployment/pay_out', { meshId: 'bank' }),
        workload('us/none/DaemonSet/agent', {
          meshId: undefined,
          status: 'uninjected',
        }),
      ]);
      expect(await idsOf({}, ['component:default/cart'])).toHaveLength(2);
      expect(await idsOf({}, [])).toEqual([]);
      expect(await inventory.owners()).toEqual([
        'component:default/cart',
        'component:default/orders',
      ]);
    });

    it('pages through any list without losing or repeating a row', async () => {
      const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.tuple(name, name, fc.boolean()), {
            maxLength: 25,
            selector: ([namespace, each]) => `${namespace}/${each}`,
          }),
          fc.integer({ min: 1, max: 7 }),
          async (rows, limit) => {
            await store(
              'eu',
              rows.map(([namespace, each, outdated]) =>
                workload(`eu/${namespace}/Deployment/${each}`, { outdated }),
              ),
            );
            const all = await inventory.workloads({ limit: 500 });
            const seen: string[] = [];
            let cursor: string | undefined;
            do {
              const page = await inventory.workloads({ limit, cursor });
              expect(page.total).toBe(rows.length);
              seen.push(...page.items.map(({ id }) => id));
              cursor = page.nextCursor;
            } while (cursor);
            expect(seen).toEqual(all.items.map(({ id }) => id));
            expect(new Set(seen).size).toBe(rows.length);
            const marks = all.items.map(({ outdated }) => outdated);
            expect(marks).toEqual(
              [...marks].sort((a, b) => Number(b) - Number(a)),
            );
          },
        ),
        { numRuns: 12 },
      );
    });

    const FLEET = [
      workload('eu/shop/Deployment/cart', { outdated: true }),
      workload('eu/shop/StatefulSet/db', {
        versions: [{ version: '1.9.2', pods: 1 }],
        pods: { total: 1, ready: 1, injected: 1 },
      }),
      workload('eu/web/Deployment/api', {
        status: 'excluded',
        versions: [],
        pods: { total: 9, ready: 9, injected: 0 },
      }),
      workload('eu/web/CronJob/night', {
        versions: [{ version: 'unknown', pods: 1 }],
        pods: { total: 1, ready: 1, injected: 1 },
      }),
    ];

    it.each<[WorkloadSort, string[]]>([
      ['name', ['api', 'cart', 'db', 'night', 'pay']],
      ['namespace', ['pay', 'cart', 'db', 'api', 'night']],
      ['cluster', ['cart', 'db', 'api', 'night', 'pay']],
      ['version', ['db', 'cart', 'pay', 'night', 'api']],
      ['pods', ['db', 'night', 'pay', 'cart', 'api']],
      ['outdated', ['cart', 'pay', 'db', 'api', 'night']],
    ])('sorts by %s, back and forth, page by page', async (sort, expected) => {
      await store('eu', FLEET);
      await store('us', [
        workload('us/bank/Deployment/pay', {
          pods: { total: 2, ready: 2, injected: 2 },
        }),
      ]);
      for (const [order, names] of [
        [sort, expected],
        [`-${sort}` as WorkloadSort, [...expected].reverse()],
      ] as const) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await inventory.workloads({
            sort: order,
            limit: 2,
            cursor,
          });
          seen.push(...page.items.map(({ name }) => name));
          cursor = page.nextCursor;
        } while (cursor);
        expect(seen).toEqual(names);
      }
      const { nextCursor } = await inventory.workloads({ sort, limit: 1 });
      await expect(
        inventory.workloads({
          sort: `-${sort}` as WorkloadSort,
          cursor: nextCursor,
        }),
      ).rejects.toThrow('is not one of this list');
    });

    it('counts every filter under the other ones', async () => {
      await store('eu', FLEET);
      await store('us', [
        workload('us/bank/Deployment/pay', { meshId: undefined }),
      ]);
      const { facets, total, items } = await inventory.workloads({
        version: ['1.30.3', '1.9.2'],
        kind: ['Deployment'],
        facets: true,
      });
      expect(items.map(({ name }) => name)).toEqual(['cart', 'pay']);
      expect(total).toBe(2);
      expect(facets).toEqual({
        mesh: [{ value: 'shop', count: 1 }],
        cluster: [
          { value: 'eu', count: 1 },
          { value: 'us', count: 1 },
        ],
        namespace: [
          { value: 'bank', count: 1 },
          { value: 'shop', count: 1 },
        ],
        kind: [
          { value: 'Deployment', count: 2 },
          { value: 'StatefulSet', count: 1 },
        ],
        status: [{ value: 'injected', count: 2 }],
        version: [
          { value: '1.29.4', count: 1 },
          { value: '1.30.3', count: 2 },
        ],
      });
      expect((await inventory.workloads({})).facets).toBeUndefined();
      expect(await idsOf({ version: ['1.9.2'] })).toEqual([
        'eu/shop/StatefulSet/db',
      ]);
      expect(await idsOf({ version: ['1.9._', '%'] })).toEqual([]);
    });

    it('counts exactly after every change, also one that another replica stored', async () => {
      const writer = await store('eu', FLEET);
      const totals = async () => [
        (await inventory.workloads({})).total,
        (await inventory.workloads({ text: 'web' })).total,
        (await inventory.workloads({ owner: 'component:default/a' })).total,
      ];
      expect(await totals()).toEqual([4, 2, 0]);
      await writer.write({
        workloads: {
          upserts: [
            workload('eu/web/Deployment/new', {
              owners: ['component:default/a'],
            }),
          ],
          removals: [],
        },
      });
      expect(await totals()).toEqual([5, 3, 1]);
      await store('us', [workload('us/web/Deployment/other')]);
      expect(await totals()).toEqual([6, 4, 1]);
      await removeVanishedClusters(database, ['us']);
      expect(await totals()).toEqual([1, 1, 0]);
    });

    it('finds and counts after any changes what who reads all anew finds', async () => {
      const one = fc.record({
        kind: fc.constant('write' as const),
        cluster: fc.constantFrom('eu', 'us'),
        name: fc.constantFrom('a', 'b', 'c', 'd'),
        status: fc.constantFrom('injected' as const, 'uninjected' as const),
        outdated: fc.boolean(),
        owners: fc.subarray(['component:default/x', 'component:default/y']),
      });
      const change = fc.oneof(
        { weight: 8, arbitrary: one },
        fc.record({
          kind: fc.constant('remove' as const),
          cluster: fc.constantFrom('eu', 'us'),
          name: fc.constantFrom('a', 'b', 'c', 'd'),
        }),
        fc.record({
          // More at once than is logged one by one, and the writer of another replica.
          kind: fc.constant('replace' as const),
          cluster: fc.constantFrom('eu', 'us'),
          count: fc.constantFrom(0, 3, 250),
        }),
        fc.record({
          kind: fc.constant('lose' as const),
          cluster: fc.constantFrom('eu', 'us'),
        }),
        fc.record({ kind: fc.constant('read' as const) }),
      );
      const answers = async (of: DatabaseInventory) => {
        const queries = [
          { facets: true },
          { text: 'a', facets: true },
          { owner: 'component:default/x' },
        ];
        return Promise.all(
          queries.map(async query => {
            const { total, facets } = await of.workloads(query);
            return { total, facets };
          }),
        );
      };
      const empty = { upserts: [], removals: 'allOthers' as const };
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 2, maxLength: 12 }),
          async changes => {
            const writers = new Map([
              ['eu', await store('eu', [])],
              ['us', await store('us', [])],
            ]);
            for (const step of changes) {
              if (step.kind === 'read') {
                await answers(inventory);
                continue;
              }
              const { cluster } = step;
              const writer = writers.get(cluster)!;
              const id = `${cluster}/ns/Deployment/${
                'name' in step && step.name
              }`;
              if (step.kind === 'write') {
                await writer.write({
                  workloads: { upserts: [workload(id, step)], removals: [] },
                });
              } else if (step.kind === 'remove') {
                await writer.write({
                  workloads: { upserts: [], removals: [id] },
                });
              } else if (step.kind === 'replace') {
                const ids = Array.from(
                  { length: step.count },
                  (_, i) => `${cluster}/many/Deployment/a-${i}`,
                );
                writers.set(
                  cluster,
                  await store(
                    cluster,
                    ids.map(other => workload(other)),
                  ),
                );
              } else {
                await database('workload_changes').where({ cluster }).delete();
              }
            }
            const anew = DatabaseInventory.create({
              database,
              settings: { meshes: [] },
            });
            expect(await answers(inventory)).toEqual(await answers(anew));
            for (const writer of writers.values()) {
              await writer.write({ workloads: empty });
            }
          },
        ),
        { numRuns: 60 },
      );
    });

    it('keeps what is shown of workloads that were stored before lists had sort keys', async () => {
      await store('eu', FLEET);
      const before = await inventory.workload('eu/shop/Deployment/cart');
      const migrations = { directory: MIGRATIONS };
      while (await database.schema.hasTable('workload_documents')) {
        await database.migrate.down(migrations);
      }
      await database.migrate.latest(migrations);
      expect(await inventory.workload('eu/shop/Deployment/cart')).toEqual(
        before,
      );
      expect(
        (await inventory.workloads({})).items.map(({ name }) => name),
      ).toEqual(['cart', 'db', 'api', 'night']);
    });

    it('refuses a cursor it did not make', async () => {
      await expect(inventory.workloads({ cursor: 'WzFd' })).rejects.toThrow(
        "The cursor 'WzFd' is not one of this list",
      );
    });

    it('adds up the sidecars of each mesh', async () => {
      await store('eu', [
        workload('eu/a/Deployment/one', { outdated: true }),
        workload('eu/a/Deployment/two'),
        workload('eu/a/Deployment/bare', {
          status: 'uninjected',
          versions: [],
          pods: { total: 4, ready: 4, injected: 0 },
        }),
      ]);
      expect((await inventory.mesh('shop'))?.sidecars).toEqual({
        total: 5,
        current: 4,
        workloads: 2,
        outdatedWorkloads: 1,
      });
      expect(await inventory.mesh('other')).toBeUndefined();
    });

    it('writes what changed, removes what is gone and keeps the rest', async () => {
      const writer = await store('eu', [
        workload('eu/a/Deployment/one', { owners: ['component:default/one'] }),
        workload('eu/a/Deployment/two'),
      ]);
      await store('us', [workload('us/a/Deployment/three')]);
      await writer.write({
        workloads: {
          upserts: [
            workload('eu/a/Deployment/one', {
              outdated: true,
              owners: ['component:default/new'],
            }),
          ],
          removals: ['eu/a/Deployment/two', 'eu/a/Deployment/never-seen'],
        },
      });
      expect(await idsOf({})).toEqual([
        'eu/a/Deployment/one',
        'us/a/Deployment/three',
      ]);
      expect(await inventory.owners()).toEqual(['component:default/new']);

      // A new process knows only what is stored.
      await store('eu', [workload('eu/b/Deployment/four')]);
      expect(await idsOf({ cluster: ['eu'] })).toEqual([
        'eu/b/Deployment/four',
      ]);
      expect(await inventory.owners()).toEqual([]);
    });

    it('does not touch rows that stayed the same', async () => {
      const writer = await store('eu', [workload('eu/a/Deployment/one')]);
      await database('workloads').update({ status: 'marked' });
      await writer.write({
        workloads: {
          upserts: [workload('eu/a/Deployment/one')],
          removals: 'allOthers',
        },
      });
      expect(await database('workloads').pluck('status')).toEqual(['marked']);
    });

    it('counts again only when something that is counted changed', async () => {
      const id = 'eu/a/Deployment/one';
      const writer = await store('eu', [workload(id)]);
      const write = (more: Partial<WorkloadDetail>) =>
        writer.write({
          workloads: { upserts: [workload(id, more)], removals: [] },
        });
      const mark = () => database('workload_marks').first('mark');
      const first = await mark();
      await write({ pods: { total: 3, ready: 1, injected: 2 } });
      expect((await inventory.workload(id))?.pods.ready).toBe(1);
      expect(await mark()).toEqual(first);

      await write({ status: 'pendingRestart' });
      const second = await mark();
      expect(second).not.toEqual(first);
      expect((await inventory.workloads({ status: ['injected'] })).total).toBe(
        0,
      );

      await write({
        status: 'pendingRestart',
        owners: ['component:default/x'],
      });
      expect(await mark()).not.toEqual(second);
      expect(
        (await inventory.workloads({ owner: 'component:default/x' })).total,
      ).toBe(1);
      await write({ status: 'pendingRestart' });
      expect(await inventory.owners()).toEqual([]);
    });

    it('keeps no more than the last changes in its log', async () => {
      const id = 'eu/a/Deployment/one';
      const writer = await store('eu', [workload(id)]);
      await store('us', [workload('us/a/Deployment/two')]);
      await database('workload_changes').insert({
        id: 49_999,
        cluster: 'us',
        workload_id: 'us/a/Deployment/two',
      });
      if (databaseId.startsWith('POSTGRES')) {
        await database.raw(
          `select setval(pg_get_serial_sequence('workload_changes', 'id'), 49999)`,
        );
      }
      await writer.write({
        workloads: {
          upserts: [workload(id, { status: 'uninjected' })],
          removals: [],
        },
      });
      expect(
        (await database('workload_changes').orderBy('id').pluck('id')).map(
          Number,
        ),
      ).toEqual([49_999, 50_000]);
      expect(await idsOf({ status: ['uninjected'] })).toEqual([id]);
    });

    it('finds a batch different again that could not be written', async () => {
      const writer = await store('eu', []);
      const batch: ClusterBatch = {
        workloads: { upserts: [workload('eu/a/Deployment/one')], removals: [] },
      };
      await database.schema.renameTable('workload_documents', 'away');
      await expect(writer.write(batch)).rejects.toThrow();
      await database.schema.renameTable('away', 'workload_documents');
      await writer.write(batch);
      expect(await idsOf({})).toEqual(['eu/a/Deployment/one']);
    });

    it('answers details in the order asked for', async () => {
      await store('eu', [
        workload('eu/a/Deployment/one'),
        workload('eu/a/Deployment/two'),
      ]);
      const ids = [
        'eu/a/Deployment/two',
        'eu/a/Deployment/none',
        'eu/a/Deployment/one',
      ];
      expect((await inventory.workloadsById(ids)).map(({ id }) => id)).toEqual([
        ids[0],
        ids[2],
      ]);
      expect(await inventory.workload('eu/a/Deployment/one')).toEqual(
        workload('eu/a/Deployment/one'),
      );
      expect(await inventory.workload('eu/a/Deployment/none')).toBeUndefined();
    });

    it('forgets clusters that are not configured any more', async () => {
      await store('eu', [
        workload('eu/a/Deployment/one', { owners: ['component:default/one'] }),
      ]);
      await store('us', [workload('us/a/Deployment/two')]);
      expect(await removeVanishedClusters(database, ['us'])).toEqual(['eu']);
      expect((await inventory.clusters()).map(({ name }) => name)).toEqual([
        'us',
      ]);
      expect(await idsOf({})).toEqual(['us/a/Deployment/two']);
      expect(await inventory.owners()).toEqual([]);
    });

    it('can be taken back', async () => {
      await store('eu', [workload('eu/a/Deployment/one')]);
      await database.migrate.rollback({ directory: MIGRATIONS }, true);
      expect(await database.schema.hasTable('workloads')).toBe(false);
      await database.migrate.latest({ directory: MIGRATIONS });
      expect(await inventory.clusters()).toEqual([]);
    });
  },
);
