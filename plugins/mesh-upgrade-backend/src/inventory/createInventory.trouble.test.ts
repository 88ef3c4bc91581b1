import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { adminToken, renewedToken, startLab } from '@internal/lab';
import type { ClusterKnobs, Lab } from '@internal/lab';
import type { Knex } from 'knex';
import { CatalogOwnershipIndex } from '../access/ownership';
import type { ClusterRegistry } from '../clusters/types';
import { createInventory } from './createInventory';
import type { RunningInventory } from './createInventory';
import {
  eventually,
  labClusters,
  migratedDatabase,
  NOBODY,
  TIMING,
} from './__testUtils__/labInventory';
import type { Inventory } from './types';

const HOUR = 60 * 60 * 1000;

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };
const INJECTOR = {
  ...CONFIG_MAPS,
  namespace: 'istio-system',
  name: 'istio-sidecar-injector',
};
const DEPLOYMENTS = { group: 'apps', version: 'v1', resource: 'deployments' };
const PODS = { group: '', version: 'v1', resource: 'pods' };

const WALLET = 'payments/payments/Deployment/wallet';
const GATEWAY = 'edge/devices/Deployment/device-gateway';

/** What a cluster answers when it is in trouble, and the words that tell so. */
const TROUBLES: [string, ClusterKnobs, RegExp][] = [
  ['is down', { unreachable: true }, /\w/],
  ['answers 429', { errorRate: { rate: 1, status: 429 } }, /429/],
  ['answers 500', { errorRate: { rate: 1, status: 500 } }, /500/],
  ['answers with HTML', { brokenBodies: 'html' }, /log in|html/i],
  ['answers half a JSON', { brokenBodies: 'half' }, /JSON/i],
  ['takes the token for expired', { expiredToken: true }, /Unauthorized/],
];

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });

describe.each(databases.eachSupportedId())('trouble on %s', databaseId => {
  let lab: Lab;
  let folder: string;
  let database: Knex;
  let running: RunningInventory;
  let registry: ClusterRegistry;
  let inventory: Inventory;
  let logger: ReturnType<typeof mockServices.logger.mock>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trouble-'));
    lab = await startLab({ seed: 1, speed: 10 });
    database = await migratedDatabase(databases, databaseId);
  });

  afterEach(async () => {
    await running.stop();
    await lab.stop();
    await rm(folder, { recursive: true });
  });

  const tokenFile = (cluster: string) => join(folder, cluster);

  /** Starts a backend that reads `payments` and `edge` with tokens from files. */
  async function start(ownership = NOBODY) {
    const clusters = ['payments', 'edge'];
    await Promise.all(
      clusters.map(name => writeFile(tokenFile(name), adminToken(name))),
    );
    registry = await labClusters(lab, clusters, name => ({
      tokenFile: tokenFile(name),
    }));
    logger = mockServices.logger.mock();
    running = createInventory({
      clusters: registry,
      database,
      logger,
      ownership,
      settings: { meshes: [], customWorkloads: [] },
      timing: TIMING,
    });
    running.start();
    inventory = running.inventory;
  }

  const kubernetes = (cluster: string) => registry.get(cluster)!.client!;

  async function clusterOf(name: string) {
    return (await inventory.clusters()).find(each => each.name === name)!;
  }

  async function states() {
    const clusters = await inventory.clusters();
    return Object.fromEntries(
      clusters.map(({ name, health }) => [name, health.state]),
    );
  }

  async function allHealthy() {
    await eventually(async () =>
      expect(await states()).toEqual({ payments: 'healthy', edge: 'healthy' }),
    );
  }

  /** A change of a cluster is seen, so its watches are alive. */
  async function follows(cluster: string, id: string) {
    const [, namespace, , name] = id.split('/');
    const replicas = 1 + ((await inventory.workload(id))?.pods.total ?? 0);
    await kubernetes(cluster).patch(
      { ...DEPLOYMENTS, namespace, name },
      'merge',
      { spec: { replicas } },
    );
    await eventually(async () =>
      expect((await inventory.workload(id))?.pods).toMatchObject({
        total: replicas,
        ready: replicas,
      }),
    );
  }

  async function inTrouble(words: RegExp) {
    await eventually(async () => {
      const { health } = await clusterOf('edge');
      expect(['unreachable', 'unauthorized']).toContain(health.state);
      expect(health.reason).toMatch(words);
    });
  }

  it.each(TROUBLES)(
    'a cluster that %s at the start keeps none of the others back, and is read once it can be',
    async (_, knobs, words) => {
      lab.knobs.replace({ clusters: { edge: knobs } });
      await start();
      await inTrouble(words);
      expect((await clusterOf('edge')).observedAt).toBeUndefined();
      await eventually(async () =>
        expect((await inventory.mesh('payments'))?.status).toBe('running'),
      );
      await follows('payments', WALLET);

      lab.knobs.replace({});
      await allHealthy();
      await eventually(async () =>
        expect((await inventory.mesh('edge'))?.status).toBe('running'),
      );
      await follows('edge', GATEWAY);
    },
  );

  it.each(TROUBLES)(
    'a cluster that %s later keeps its data, which is as old as it was, and recovers by itself',
    async (_, knobs, words) => {
      await start();
      await allHealthy();
      await eventually(async () =>
        expect((await inventory.mesh('edge'))?.status).toBe('running'),
      );
      const edge = { cluster: ['edge'] };
      const workloads = await inventory.workloads(edge);
      expect(workloads.total).toBeGreaterThan(10);
      lab.knobs.replace({
        clusters: { edge: { ...knobs, dropWatchesAfterMs: 50 } },
      });
      await inTrouble(words);
      const told = logger.warn.mock.calls
        .map(([line]) => line)
        .filter(line => line.startsWith("Cluster 'edge' is"));
      // One state may lead to another, but each is told once, whatever its resources add to it.
      expect(new Set(told.map(line => line.split(':')[0])).size).toBe(
        told.length,
      );
      const { observedAt, health } = await clusterOf('edge');
      const mesh = (await inventory.mesh('edge'))!;
      expect(mesh.status).toBe('unreachable');
      expect(mesh.reasons.join()).toContain(health.reason);
      await follows('payments', WALLET);
      expect(await inventory.workloads(edge)).toEqual(workloads);
      expect((await clusterOf('edge')).observedAt).toBe(observedAt);
      expect((await inventory.mesh('payments'))?.status).toBe('running');

      lab.knobs.replace({});
      await allHealthy();
      expect((await clusterOf('edge')).observedAt! > observedAt!).toBe(true);
      expect((await inventory.mesh('edge'))?.status).toBe('running');
      await follows('edge', GATEWAY);
    },
  );

  it('an expired token is told while old watches still run, and the next one is taken from its file', async () => {
    await start();
    await allHealthy();
    lab.knobs.replace({ clusters: { edge: { expiredToken: true } } });
    await inTrouble(/Unauthorized/);
    expect((await clusterOf('edge')).health.state).toBe('unauthorized');
    await writeFile(tokenFile('edge'), renewedToken('edge'));
    await allHealthy();
    await follows('edge', GATEWAY);
  });

  it.each([
    ['ahead', HOUR],
    ['behind', -HOUR],
  ])(
    'a clock that is an hour %s changes no state and no age',
    async (_, clockSkewMs) => {
      lab.knobs.replace({ clusters: { edge: { clockSkewMs } } });
      await start();
      await allHealthy();
      await follows('edge', GATEWAY);
      await follows('payments', WALLET);
      expect(await states()).toEqual({ payments: 'healthy', edge: 'healthy' });
      expect((await inventory.mesh('edge'))?.status).toBe('running');
      const { observedAt, health } = await clusterOf('edge');
      for (const time of [observedAt, health.since]) {
        expect(Math.abs(Date.parse(time!) - Date.now())).toBeLessThan(HOUR / 2);
      }
      // The cluster's own times are told as it tells them.
      const pods = (await inventory.workload(GATEWAY))!.podList;
      const newest = Math.max(...pods.map(pod => Date.parse(pod.createdAt)));
      expect(Math.abs(newest - Date.now() - clockSkewMs)).toBeLessThan(
        HOUR / 2,
      );
    },
  );

  it('a version that nobody can read is shown as it is and compared with nothing', async () => {
    await start();
    await allHealthy();
    await kubernetes('payments').create(
      { ...PODS, namespace: 'payments' },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'patched', labels: {} },
        spec: {
          containers: [
            { name: 'istio-proxy', image: 'example.com/proxyv2:hotfix-7' },
          ],
        },
      },
    );
    const census = async (version: string) =>
      (await inventory.mesh('payments'))!.proxyVersions.findIndex(
        each => each.version === version,
      );
    await eventually(async () =>
      expect(
        await inventory.workload('payments/payments/Pod/patched'),
      ).toMatchObject({
        desiredVersion: '1.30.2',
        versions: [{ version: 'hotfix-7', pods: 1 }],
        outdated: false,
      }),
    );
    await eventually(async () =>
      expect(await census('hotfix-7')).toBeGreaterThan(await census('1.30.2')),
    );

    const istiod = {
      ...DEPLOYMENTS,
      namespace: 'istio-system',
      name: 'istiod',
    };
    await kubernetes('payments').patch(istiod, 'strategic', {
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'discovery', image: 'example.com/pilot:nightly' },
            ],
          },
        },
      },
    });
    await eventually(async () => {
      const mesh = (await inventory.mesh('payments'))!;
      expect(mesh.version).toBeUndefined();
      expect(mesh.status).toBe('unknown');
      expect(mesh.reasons.join()).toContain('example.com/pilot:nightly');
      expect(mesh.clusters[0].controlPlanes[0].image).toBe(
        'example.com/pilot:nightly',
      );
    });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'is missing',
      () => kubernetes('payments').delete(INJECTOR),
      /istio-system\/istiod runs, but the ConfigMap of its injector is missing/,
    ],
    [
      'is broken',
      () =>
        kubernetes('payments').patch(INJECTOR, 'merge', {
          data: { values: '{"global": {"hub": ' },
        }),
      /injector configuration tells no readable image tag/,
    ],
    [
      'has a tag that is no version',
      () =>
        kubernetes('payments').patch(INJECTOR, 'merge', {
          data: { values: '{"global": {"hub": "h", "tag": "nightly"}}' },
        }),
      /injector configuration tells no readable image tag/,
    ],
  ])(
    'the version of new pods is unknown, and why, when the ConfigMap of the injector %s',
    async (_, spoil, why) => {
      await start();
      await allHealthy();
      const before = await kubernetes('payments').get(INJECTOR);
      await spoil();
      await eventually(async () => {
        const wallet = (await inventory.workload(WALLET))!;
        expect(wallet.desiredVersion).toBeUndefined();
        expect(wallet.outdated).toBe(false);
        expect(wallet.method.kind).toBe('none');
        expect(wallet.method.blockers.join()).toMatch(why);
        expect(wallet.versions).toEqual([{ version: '1.30.2', pods: 2 }]);
      });

      await kubernetes('payments')
        .delete(INJECTOR)
        .catch(() => {});
      const { metadata, ...content } = before;
      const { name, namespace, labels } = metadata;
      await kubernetes('payments').create(
        { ...CONFIG_MAPS, namespace },
        { ...content, metadata: { name, namespace, labels } },
      );
      await eventually(async () =>
        expect((await inventory.workload(WALLET))!.desiredVersion).toBe(
          '1.30.2',
        ),
      );
    },
  );

  it('two entities that claim one workload both own it', async () => {
    const entity = (name: string, annotations: Record<string, string>) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name, namespace: 'default', annotations },
    });
    const index = CatalogOwnershipIndex.create({
      catalog: catalogServiceMock({
        entities: [
          entity('wallet', { 'backstage.io/kubernetes-id': 'wallet' }),
          entity('loyalty', {
            'backstage.io/kubernetes-label-selector':
              'app.kubernetes.io/name=wallet',
          }),
        ],
      }),
      auth: mockServices.auth(),
      logger: mockServices.logger.mock(),
    });
    await index.refresh();
    await start(index);
    await allHealthy();
    const owners = ['component:default/loyalty', 'component:default/wallet'];
    await eventually(async () =>
      expect((await inventory.workload(WALLET))?.owners).toEqual(owners),
    );
    for (const owner of owners) {
      const { items } = await inventory.workloads({ owner });
      expect(items.map(({ id }) => id)).toContain(WALLET);
    }
  });
});
