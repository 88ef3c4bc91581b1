import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { ClusterWriter } from './ClusterWriter';
import { DatabaseInventory } from './DatabaseInventory';
import { removeVanishedClusters } from './removeVanishedClusters';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });

jest.setTimeout(60_000);

describe.each(databases.eachSupportedId())('parts of a mesh on %s', id => {
  let database: Knex;

  beforeEach(async () => {
    database = await databases.init(id);
    await database.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
  });

  async function write(
    cluster: string,
    versions: Record<string, number>,
    tags: string[],
  ) {
    await ClusterWriter.create({ database, cluster }).write({
      cluster: {
        view: {
          name: cluster,
          title: cluster,
          mode: 'read',
          health: { state: 'healthy', since: '2026-01-01T00:00:00.000Z' },
        },
        meshIds: ['shop'],
      },
      meshParts: [
        {
          cluster,
          meshId: 'shop',
          revisions: [],
          components: [],
          tags: tags.map(tag => ({
            cluster,
            tag,
            revision: 'default',
            namespaces: 0,
            workloads: 0,
          })),
        },
      ],
      proxyVersions: Object.entries(versions).map(([version, pods]) => ({
        meshId: 'shop',
        version,
        pods,
      })),
    });
  }

  async function shop() {
    const mesh = await DatabaseInventory.create({
      database,
      settings: { meshes: [], customWorkloads: [] },
    }).mesh('shop');
    return {
      tags: mesh?.tags.map(({ cluster, tag }) => `${cluster} ${tag}`),
      versions: mesh?.proxyVersions.map(
        ({ version, pods }) => `${version} ${pods}`,
      ),
    };
  }

  it('are joined over the clusters, replaced cluster by cluster and forgotten with their cluster', async () => {
    await write('eu', { '1.30.10': 2, '1.30.9': 1, unknown: 4 }, ['a', 'b']);
    await write('us', { '1.30.9': 3 }, ['a']);
    expect(await shop()).toEqual({
      tags: ['eu a', 'eu b', 'us a'],
      versions: ['1.30.9 4', '1.30.10 2', 'unknown 4'],
    });

    await write('eu', { '1.30.10': 7 }, ['b']);
    expect(await shop()).toEqual({
      tags: ['eu b', 'us a'],
      versions: ['1.30.9 3', '1.30.10 7'],
    });

    await removeVanishedClusters(database, ['us']);
    expect(await shop()).toEqual({ tags: ['us a'], versions: ['1.30.9 3'] });
  });

  it('can be taken back', async () => {
    const directory = resolvePackagePath(
      '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
      'migrations',
    );
    await database.migrate.rollback({ directory }, true);
    expect(await database.schema.hasTable('mesh_parts')).toBe(false);
    expect(await database.schema.hasTable('cluster_leases')).toBe(false);
  });
});
