import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { startLab } from '@internal/lab';
import type { Lab } from '@internal/lab';
import type { Knex } from 'knex';
import { createInventory } from './createInventory';
import type { RunningInventory } from './createInventory';
import type { RawConfigMap } from './facts/projectInjectorConfig';
import type { InventorySettings } from './settings';
import {
  eventually,
  labClusters,
  migratedDatabase,
  NOBODY,
  TIMING,
} from './__testUtils__/labInventory';
import type { Inventory } from './types';

const LEASE_TIMING = { ttlMs: 1_000, renewMs: 200 };

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });

describe.each(databases.eachSupportedId())('a fleet on %s', databaseId => {
  let lab: Lab;
  let database: Knex;
  let running: RunningInventory[];

  beforeEach(async () => {
    running = [];
    lab = await startLab({ seed: 1, speed: 10 });
    database = await migratedDatabase(databases, databaseId);
  });

  afterEach(async () => {
    await Promise.all(running.map(each => each.stop()));
    await lab.stop();
  });

  /** One replica of the backend. */
  async function replica(
    clusters = ['payments', 'edge'],
    meshes: InventorySettings['meshes'] = [],
  ) {
    const registry = await labClusters(lab, clusters);
    const started = createInventory({
      clusters: registry,
      database,
      logger: mockServices.logger.mock(),
      ownership: NOBODY,
      settings: { meshes, customWorkloads: [] },
      timing: TIMING,
      leaseTiming: LEASE_TIMING,
    });
    running.push(started);
    started.start();
    return { ...started, registry };
  }

  async function clusterOf(inventory: Inventory, name: string) {
    return (await inventory.clusters()).find(each => each.name === name)!;
  }

  async function healthy(inventory: Inventory) {
    await eventually(async () =>
      expect(
        (await inventory.clusters()).map(({ health }) => health.state),
      ).toEqual(['healthy', 'healthy']),
    );
  }

  it('is watched once by two replicas, answered by both, and passed on', async () => {
    const first = await replica();
    await healthy(first.inventory);
    const second = await replica();
    await new Promise(resolve => setTimeout(resolve, LEASE_TIMING.ttlMs));
    const readBy = (each: RunningInventory) =>
      ['payments', 'edge'].filter(name => each.refreshCluster(name));
    expect(readBy(first)).toEqual(['payments', 'edge']);
    expect(readBy(second)).toEqual([]);
    expect(await second.inventory.meshes()).toEqual(
      await first.inventory.meshes(),
    );

    await first.stop();
    await eventually(async () =>
      expect(readBy(second)).toEqual(['payments', 'edge']),
    );
    const before = (await clusterOf(second.inventory, 'edge')).observedAt!;
    await eventually(async () =>
      expect(
        (await clusterOf(second.inventory, 'edge')).observedAt! > before,
      ).toBe(true),
    );
    await healthy(second.inventory);
  });

  it('shows revisions, tags, components, census and the Helm release', async () => {
    const { inventory } = await replica();
    await healthy(inventory);
    await eventually(async () =>
      expect((await inventory.mesh('payments'))?.install.evidence).toContain(
        'payments: istio-system/istiod: Chart istiod 1.30.2, revision 3 of the release',
      ),
    );
    const mesh = (await inventory.mesh('payments'))!;
    expect(mesh.clusters.map(({ role }) => role)).toEqual(['primary']);
    expect(mesh.revisions).toMatchObject([
      {
        revision: 'default',
        isDefault: true,
        tags: ['prod'],
        version: '1.30.2',
        injects: '1.30.2',
        namespaces: 4,
      },
    ]);
    expect(mesh.tags).toMatchObject([
      { tag: 'prod', revision: 'default', version: '1.30.2', namespaces: 1 },
    ]);
    expect(mesh.components).toMatchObject([
      {
        kind: 'istiod',
        name: 'istiod',
        version: '1.30.2',
        desired: 2,
        ready: 2,
      },
      {
        kind: 'gateway',
        name: 'banking-istio',
        version: '1.30.2',
        desired: 2,
        ready: 2,
        gateway: { origin: 'gatewayApi', name: 'banking', class: 'istio' },
      },
    ]);
    expect(mesh.proxyVersions.map(({ version }) => version)).toEqual([
      '1.29.4',
      '1.30.2',
    ]);
    expect(mesh.proxyVersions.reduce((sum, { pods }) => sum + pods, 0)).toBe(
      mesh.sidecars.total,
    );
  });

  it('looks up in the primary what a remote cluster injects, and follows it', async () => {
    const { inventory, registry } = await replica(undefined, [
      { id: 'm', name: 'm', clusters: ['payments', 'edge'] },
    ]);
    await healthy(inventory);
    const edge = registry.get('edge')!.client!;
    const payments = registry.get('payments')!.client!;
    const configMap = {
      group: '',
      version: 'v1',
      resource: 'configmaps',
      namespace: 'istio-system',
      name: 'istio-sidecar-injector',
    };
    // Its operator would put back what is deleted.
    lab.knobs.replace({ clusters: { edge: { stuckOperators: ['sail'] } } });
    await edge.delete({
      ...configMap,
      group: 'apps',
      resource: 'deployments',
      name: 'istiod',
    });
    await edge.delete(configMap);
    const desired = async () => {
      const { items } = await inventory.workloads({ cluster: ['edge'] });
      return new Set(
        items
          .filter(({ status }) => status === 'injected')
          .map(({ desiredVersion }) => desiredVersion),
      );
    };
    await eventually(async () =>
      expect(await desired()).toEqual(new Set(['1.30.2'])),
    );
    expect(
      (await inventory.mesh('m'))?.clusters.map(({ role }) => role),
    ).toEqual(['remote', 'primary']);

    const { data } = await payments.get<RawConfigMap>(configMap);
    const values = JSON.parse(data!.values);
    values.global.tag = '1.30.3';
    await payments.patch(configMap, 'merge', {
      data: { values: JSON.stringify(values) },
    });
    await eventually(async () =>
      expect(await desired()).toEqual(new Set(['1.30.3'])),
    );
  });
});
