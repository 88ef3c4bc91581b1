import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { startLab } from '@internal/lab';
import type { ClusterKnobs, Lab } from '@internal/lab';
import type { Knex } from 'knex';
import type {
  ClusterRegistry,
  KubernetesClient,
  KubernetesObject,
} from '../clusters/types';
import { createInventory } from './createInventory';
import type { RunningInventory } from './createInventory';
import type { InventorySettings } from './settings';
import {
  eventually,
  labClusters,
  migratedDatabase,
  TIMING,
} from './__testUtils__/labInventory';
import type { Inventory, OwnershipIndex } from './types';

const DEPLOYMENTS = { group: 'apps', version: 'v1', resource: 'deployments' };

const ALL = ['prod-eu', 'prod-us', 'payments', 'edge'];

/** Owned by the value of the label, as the catalog index would find. */
const OWNERSHIP: OwnershipIndex = {
  ownersOf: ({ labels }) =>
    labels['backstage.io/kubernetes-id']
      ? [`component:default/${labels['backstage.io/kubernetes-id']}`]
      : [],
  onChange: () => () => {},
};

jest.setTimeout(60_000);

describe('createInventory', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let lab: Lab;
  let database: Knex;
  let running: RunningInventory[] = [];
  let registry: ClusterRegistry;

  beforeEach(async () => {
    lab = await startLab({ seed: 1, speed: 10 });
    database = await migratedDatabase(databases, 'SQLITE_3');
  });

  afterEach(async () => {
    await Promise.all(running.map(each => each.stop()));
    running = [];
    await lab.stop();
  });

  function kubernetes(name: string): KubernetesClient {
    return registry.get(name)!.client!;
  }

  async function start(
    options: { clusters?: string[]; settings?: InventorySettings } = {},
  ) {
    const { clusters = ALL, settings = { meshes: [] } } = options;
    registry = await labClusters(lab, clusters);
    const started = createInventory({
      clusters: registry,
      database,
      logger: mockServices.logger.mock(),
      ownership: OWNERSHIP,
      settings,
      timing: TIMING,
    });
    running.push(started);
    started.start();
    return started.inventory;
  }

  function turnKnobs(cluster: string, knobs: ClusterKnobs) {
    lab.knobs.replace({ clusters: { [cluster]: knobs } });
  }

  async function healthOf(inventory: Inventory, name: string) {
    return (await inventory.clusters()).find(cluster => cluster.name === name)
      ?.health;
  }

  async function settled(inventory: Inventory, state = 'healthy') {
    await eventually(async () =>
      expect(
        (await inventory.clusters()).map(({ health }) => health.state),
      ).toEqual(expect.arrayContaining([state])),
    );
    await eventually(async () =>
      expect(
        (await inventory.clusters()).map(({ health }) => health.state),
      ).not.toContain('connecting'),
    );
  }

  function meshesOf(inventory: Inventory) {
    return inventory.meshes().then(meshes =>
      meshes.map(
        ({ id, type, family, status, version, install, clusters }) => ({
          id,
          type,
          family,
          status,
          version,
          method: install.method,
          clusters: clusters.map(
            ({ cluster, kubernetesVersion }) =>
              `${cluster} ${kubernetesVersion}`,
          ),
        }),
      ),
    );
  }

  it('shows the meshes and workloads of a fleet', async () => {
    const inventory = await start();
    await settled(inventory);
    expect(await meshesOf(inventory)).toEqual([
      {
        id: 'edge',
        type: 'dedicated',
        family: 'mspider',
        status: 'running',
        version: '1.29.4-mspider',
        method: 'sail',
        clusters: ['edge 1.31.9'],
      },
      {
        id: 'payments',
        type: 'dedicated',
        family: 'native',
        status: 'running',
        version: '1.30.2',
        method: 'helm',
        clusters: ['payments 1.36.1'],
      },
      {
        id: 'shop',
        type: 'hosted',
        family: 'native',
        status: 'running',
        version: '1.29.4',
        method: 'sail',
        clusters: ['prod-eu 1.34.2', 'prod-us 1.33.6'],
      },
    ]);
    const cart = await inventory.workload('prod-eu/checkout/Deployment/cart');
    expect(cart).toMatchObject({
      meshId: 'shop',
      status: 'injected',
      sidecar: 'native',
      desiredVersion: '1.29.4',
      versions: [{ version: '1.29.2', pods: 2 }],
      outdated: true,
      owners: ['component:default/cart'],
    });
    expect(cart?.podList).toHaveLength(2);
    expect(
      (await inventory.workloads({ status: ['excluded'] })).total,
    ).toBeGreaterThan(0);
    expect((await inventory.workloads({ status: ['unknown'] })).total).toBe(0);
    expect(
      (
        await inventory.workloads({
          namespace: ['istio-system', 'kube-system'],
        })
      ).total,
    ).toBe(0);
  });

  it.each<[string, ClusterKnobs]>([
    ['as it is', {}],
    [
      'through watches that are dropped again and again',
      { dropWatchesAfterMs: 50 },
    ],
    ['through watches that are told 410', { expireWatches: true }],
  ])('follows a restart %s', async (_, knobs) => {
    const inventory = await start({ clusters: ['prod-eu'] });
    await settled(inventory);
    turnKnobs('prod-eu', knobs);
    await kubernetes('prod-eu').patch(
      { ...DEPLOYMENTS, namespace: 'checkout', name: 'cart' },
      'strategic',
      {
        spec: {
          template: { metadata: { annotations: { restartedAt: 'now' } } },
        },
      },
    );
    await eventually(async () => {
      const cart = await inventory.workload('prod-eu/checkout/Deployment/cart');
      expect(cart).toMatchObject({
        versions: [{ version: '1.29.4', pods: 2 }],
        pods: { total: 2, ready: 2, injected: 2 },
        outdated: false,
      });
    });
    expect((await healthOf(inventory, 'prod-eu'))?.state).toBe('healthy');
  });

  it('reads every kind that a cluster serves, and the pods below it', async () => {
    const inventory = await start({ clusters: ['prod-eu'] });
    await settled(inventory);
    const create = <T extends KubernetesObject>(
      apiVersion: string,
      resource: string,
      body: object,
      namespace: string | undefined = 'checkout',
    ) => {
      const [version, group = ''] = apiVersion.split('/').reverse();
      return kubernetes('prod-eu').create<T>(
        { group, version, resource, namespace },
        { apiVersion, ...body },
      );
    };
    const template = {
      metadata: { labels: { app: 'kinds' } },
      spec: { containers: [{ name: 'app', image: 'app:1' }] },
    };
    for (const [apiVersion, kind, resource] of [
      ['v1', 'ReplicationController', 'replicationcontrollers'],
      ['argoproj.io/v1alpha1', 'Rollout', 'rollouts'],
      ['apps.openshift.io/v1', 'DeploymentConfig', 'deploymentconfigs'],
      ['apps.kruise.io/v1alpha1', 'CloneSet', 'clonesets'],
      ['batch/v1', 'CronJob', 'cronjobs'],
    ]) {
      if (apiVersion.includes('.') && kind !== 'CronJob') {
        const [group, version] = apiVersion.split('/');
        await kubernetes('prod-eu').create(
          {
            group: 'apiextensions.k8s.io',
            version: 'v1',
            resource: 'customresourcedefinitions',
          },
          {
            apiVersion: 'apiextensions.k8s.io/v1',
            kind: 'CustomResourceDefinition',
            metadata: { name: `${resource}.${group}` },
            spec: {
              group,
              names: { plural: resource, kind },
              scope: 'Namespaced',
              versions: [{ name: version, served: true, storage: true }],
            },
          },
        );
      }
      const { metadata } = await create(apiVersion, resource, {
        kind,
        metadata: { name: 'kinds' },
        spec:
          kind === 'CronJob'
            ? {
                schedule: '@daily',
                jobTemplate: { spec: { template } },
              }
            : { replicas: 1, template },
      });
      if (kind === 'CronJob') {
        // Nothing in the lab follows a schedule.
        await create('v1', 'pods', {
          kind: 'Pod',
          metadata: {
            name: 'kinds-cronjob',
            labels: template.metadata.labels,
            ownerReferences: [
              {
                apiVersion,
                kind,
                name: 'kinds',
                uid: metadata.uid,
                controller: true,
              },
            ],
          },
          spec: template.spec,
        });
      }
    }
    await create('apps/v1', 'replicasets', {
      kind: 'ReplicaSet',
      metadata: { name: 'kinds' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'alone' } },
        template: { ...template, metadata: { labels: { app: 'alone' } } },
      },
    });
    await create('v1', 'pods', {
      kind: 'Pod',
      metadata: { name: 'kinds' },
      spec: template.spec,
    });
    await eventually(async () => {
      const { items } = await inventory.workloads({
        text: '/kinds',
        sort: 'name',
      });
      expect(
        items.map(({ kind, status, versions, pods }) => [
          kind,
          status,
          versions.map(({ version }) => version).join(),
          pods.ready,
        ]),
      ).toEqual(
        [
          'CloneSet',
          'CronJob',
          'DeploymentConfig',
          'Pod',
          'ReplicaSet',
          'ReplicationController',
          'Rollout',
        ].map(kind => [kind, 'injected', '1.29.4', 1]),
      );
    });
  });

  it('removes what was deleted', async () => {
    const inventory = await start({ clusters: ['prod-eu'] });
    await settled(inventory);
    await kubernetes('prod-eu').delete({
      ...DEPLOYMENTS,
      namespace: 'checkout',
      name: 'cart',
    });
    await eventually(async () =>
      expect(
        await inventory.workload('prod-eu/checkout/Deployment/cart'),
      ).toBeUndefined(),
    );
  });

  it('shows a cluster that goes away and comes back, with the data it had, and no other suffers', async () => {
    const inventory = await start();
    await settled(inventory);
    const workloads = (await inventory.workloads({ cluster: ['edge'] })).total;
    turnKnobs('edge', { unreachable: true });
    await eventually(async () =>
      expect((await inventory.mesh('edge'))?.status).toBe('unreachable'),
    );
    expect((await healthOf(inventory, 'edge'))?.reason).toMatch(/\w/);
    expect((await inventory.workloads({ cluster: ['edge'] })).total).toBe(
      workloads,
    );
    const view = async () =>
      (await inventory.clusters()).find(({ name }) => name === 'edge');
    const observedAt = (await view())?.observedAt;
    expect((await inventory.mesh('shop'))?.status).toBe('running');
    expect((await view())?.observedAt).toBe(observedAt);

    lab.knobs.replace({});
    await eventually(async () =>
      expect((await inventory.mesh('edge'))?.status).toBe('running'),
    );
    expect((await view())!.observedAt! > observedAt!).toBe(true);
  });

  it('names the resource it may not read, shows the rest and recovers by itself', async () => {
    turnKnobs('prod-eu', {
      denyVerbs: [{ verb: 'list', resource: 'mutatingwebhookconfigurations' }],
    });
    const inventory = await start({ clusters: ['prod-eu'] });
    await settled(inventory, 'forbidden');
    const health = await healthOf(inventory, 'prod-eu');
    expect(health?.reason).toContain('list mutatingwebhookconfigurations');
    expect(health?.remedy).toContain('list mutatingwebhookconfigurations');
    // The refusal is told before the rest of the cluster has been read.
    await eventually(async () =>
      expect((await inventory.mesh('shop'))?.status).toBe('unknown'),
    );
    expect(
      await inventory.workload('prod-eu/checkout/Deployment/cart'),
    ).toMatchObject({
      status: 'unknown',
      statusReason: expect.stringContaining(
        'mutatingwebhookconfigurations cannot be read',
      ),
      outdated: false,
    });

    lab.knobs.replace({});
    await eventually(async () => {
      expect((await healthOf(inventory, 'prod-eu'))?.state).toBe('healthy');
      expect(
        (await inventory.workload('prod-eu/checkout/Deployment/cart'))?.status,
      ).toBe('injected');
    });
  });

  it.each(['list', 'watch'])(
    'is complete but for the Services where it may not %s them, and recovers by itself',
    async verb => {
      const id = 'prod-eu/checkout/Deployment/cart';
      const inventory = await start({ clusters: ['prod-eu'] });
      await eventually(async () =>
        expect((await inventory.workload(id))?.services).toEqual(['cart']),
      );
      await running.pop()!.stop();
      turnKnobs('prod-eu', { denyVerbs: [{ verb, resource: 'services' }] });
      const refused = await start({ clusters: ['prod-eu'] });
      await eventually(async () => {
        const health = await healthOf(refused, 'prod-eu');
        expect(health).toMatchObject({ state: 'healthy' });
        expect(health?.reason).toContain(`${verb} services`);
        expect(health?.remedy).toContain(`${verb} services`);
        const cart = await refused.workload(id);
        expect(cart).toMatchObject({ status: 'injected' });
        expect(cart).not.toHaveProperty('services');
      });
      expect((await refused.mesh('shop'))?.status).toBe('running');
      // What is read is as new as before.
      const age = async () => (await refused.clusters())[0].observedAt!;
      const before = await age();
      await eventually(async () => expect((await age()) > before).toBe(true));

      lab.knobs.replace({});
      await eventually(async () => {
        expect((await healthOf(refused, 'prod-eu'))?.reason).toBeUndefined();
        expect((await refused.workload(id))?.services).toEqual(['cart']);
      });
      await kubernetes('prod-eu').delete({
        group: '',
        version: 'v1',
        resource: 'services',
        namespace: 'checkout',
        name: 'cart',
      });
      await eventually(async () =>
        expect((await refused.workload(id))?.services).toEqual([]),
      );
    },
  );

  it('tells refused credentials', async () => {
    turnKnobs('prod-eu', { errorRate: { rate: 1, status: 401 } });
    const inventory = await start({ clusters: ['prod-eu'] });
    await settled(inventory, 'unauthorized');
    expect((await healthOf(inventory, 'prod-eu'))?.remedy).toContain(
      "credentials of cluster 'prod-eu'",
    );
  });

  it('keeps what was stored until a restarted backend has read the cluster, and forgets removed clusters', async () => {
    const inventory = await start();
    await settled(inventory);
    const before = await inventory.workloads({
      cluster: ['prod-eu'],
      limit: 500,
    });
    await running.pop()!.stop();

    turnKnobs('prod-eu', { unreachable: true });
    const again = await start({ clusters: ['prod-eu'] });
    await settled(again, 'unreachable');
    expect((await again.clusters()).map(({ name }) => name)).toEqual([
      'prod-eu',
    ]);
    expect(await again.workloads({ limit: 500 })).toEqual(before);
    expect(
      (await again.meshes()).map(({ id, status }) => [id, status]),
    ).toEqual([['shop', 'unreachable']]);

    lab.knobs.replace({});
    await settled(again, 'healthy');
    expect(await again.workloads({ limit: 500 })).toEqual(before);
  });

  it('groups clusters as the configuration says', async () => {
    const inventory = await start({
      clusters: ['prod-eu', 'edge'],
      settings: {
        meshes: [
          { id: 'company', name: 'Company', clusters: ['prod-eu', 'edge'] },
        ],
      },
    });
    await settled(inventory);
    const [mesh, ...others] = await inventory.meshes();
    expect(others).toEqual([]);
    expect(mesh).toMatchObject({
      id: 'company',
      name: 'Company',
      type: 'hosted',
      status: 'abnormal',
    });
    expect(
      (await inventory.workloads({ mesh: ['company'] })).total,
    ).toBeGreaterThan(20);
  });

  it('stops at once, even while a cluster hangs', async () => {
    lab.knobs.replace({ clusters: { '*': { latencyMs: 30_000 } } });
    await start();
    await new Promise(resolve => setTimeout(resolve, 100));
    const startedAt = Date.now();
    await running.pop()!.stop();
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });
});
