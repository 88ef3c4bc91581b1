import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import {
  injectorConfigObject,
  injectorWebhooksObject,
  namespaceObject,
  podObject,
  replicaSetObject,
  workloadObject,
} from '../__testUtils__/objects';
import { ClusterFacts } from '../facts/ClusterFacts';
import { controlPlanesOf } from '../rules/controlPlanes';
import { createMeshLookup } from '../rules/meshOf';
import { meshPartsOf } from '../rules/meshParts';
import { workloadDetail } from '../rules/workloadDetail';
import { ClusterWriter } from './ClusterWriter';
import { DatabaseInventory } from './DatabaseInventory';

const HUB = 'docker.io/istio';
const SETTINGS = { meshes: [], customWorkloads: [] };

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_17'] });

jest.setTimeout(60_000);

/** A workload, a gateway whose proxy is injected and one that istiod deploys; each has pods of 1.29.4 beside an istiod of 1.30.3. */
function gatewayCluster(): ClusterFacts {
  const facts = new ClusterFacts({ onChange: () => {} });
  facts.namespaces.upsert(
    namespaceObject('shop', { 'istio-injection': 'enabled' }),
  );
  facts.configmaps.upsert(
    injectorConfigObject({ tag: '1.30.3', meshID: 'shop' }),
  );
  facts.mutatingwebhookconfigurations.upsert(injectorWebhooksObject());
  facts.deployments.upsert(
    workloadObject('istiod', {
      namespace: 'istio-system',
      labels: { app: 'istiod' },
      containers: [{ name: 'discovery', image: `${HUB}/pilot:1.30.3` }],
    }),
  );
  const proxy = (image: string) => [{ name: 'istio-proxy', image }];
  const workloads: [string, Parameters<typeof workloadObject>[1]][] = [
    ['cart', {}],
    [
      'ingress',
      {
        containers: proxy('auto'),
        templateAnnotations: { 'inject.istio.io/templates': 'gateway' },
      },
    ],
    [
      'web-istio',
      {
        containers: proxy(`${HUB}/proxyv2:1.29.4`),
        templateLabels: {
          'gateway.networking.k8s.io/gateway-name': 'web',
          'sidecar.istio.io/inject': 'false',
        },
      },
    ],
  ];
  for (const [name, options] of workloads) {
    facts.deployments.upsert(workloadObject(name, options));
    facts.replicasets.upsert(replicaSetObject(`${name}-1`, name));
    for (const pod of ['a', 'b']) {
      facts.pods.upsert(
        podObject(`${name}-${pod}`, {
          owner: { kind: 'ReplicaSet', name: `${name}-1` },
          proxy: `${HUB}/proxyv2:1.29.4`,
        }),
      );
    }
  }
  return facts;
}

async function store(database: Knex, facts: ClusterFacts): Promise<void> {
  const cluster = 'prod';
  const meshes = createMeshLookup(cluster, facts, SETTINGS);
  const ownership = { ownersOf: () => [], onChange: () => () => {} };
  await ClusterWriter.create({ database, cluster }).write({
    cluster: {
      view: {
        name: cluster,
        title: cluster,
        mode: 'full',
        health: { state: 'healthy', since: '2026-01-01T00:00:00.000Z' },
      },
      meshIds: meshes.all,
    },
    controlPlanes: controlPlanesOf(cluster, facts, meshes),
    meshParts: meshPartsOf(cluster, facts, meshes),
    workloads: {
      upserts: [...facts.workloads()].flatMap(
        workload =>
          workloadDetail(workload, { cluster, facts, meshes, ownership }) ?? [],
      ),
      removals: 'allOthers',
    },
  });
}

describe.each(databases.eachSupportedId())('gateways on %s', id => {
  it('count as sidecars when the injector makes their proxy, as components alone when istiod deploys them', async () => {
    const database = await databases.init(id);
    await database.migrate.latest({
      directory: resolvePackagePath(
        '@mesh-upgrade/backstage-plugin-mesh-upgrade-backend',
        'migrations',
      ),
    });
    await store(database, gatewayCluster());
    const inventory = DatabaseInventory.create({
      database,
      settings: SETTINGS,
    });

    const mesh = await inventory.mesh('shop');
    expect(mesh?.sidecars).toEqual({
      total: 4,
      current: 0,
      workloads: 2,
      outdatedWorkloads: 2,
    });
    expect(
      mesh?.components.map(({ name, version, behind, gateway }) => [
        name,
        version,
        behind,
        gateway?.origin,
      ]),
    ).toEqual([
      ['istiod', '1.30.3', undefined, undefined],
      ['ingress', '1.29.4', '1.30.3', 'injected'],
      ['web-istio', '1.29.4', '1.30.3', 'gatewayApi'],
    ]);

    const outdated = await inventory.workloads({ outdated: true });
    expect(
      outdated.items.map(({ name, method }) => [name, method.kind]),
    ).toEqual([
      ['cart', 'restart'],
      ['ingress', 'restart'],
    ]);
    const old = await inventory.workloads({ version: ['1.29.4'] });
    expect(old.total).toBe(2);
    expect(
      await inventory.workload('prod/shop/Deployment/web-istio'),
    ).toMatchObject({
      method: {
        kind: 'none',
        blockers: [expect.stringMatching(/^Redeployed by istiod/)],
      },
      podList: [{ version: '1.29.4' }, { version: '1.29.4' }],
    });
  });
});
