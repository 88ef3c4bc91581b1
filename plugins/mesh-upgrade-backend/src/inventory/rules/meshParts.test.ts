import {
  injectorConfigObject,
  injectorWebhooksObject,
  namespaceObject,
  podObject,
  replicaSetObject,
  workloadObject,
} from '../__testUtils__/objects';
import { ClusterFacts } from '../facts/ClusterFacts';
import { controlPlanesOf } from './controlPlanes';
import { groupMeshes } from './meshes';
import { meshPartsOf } from './meshParts';
import { createMeshLookup } from './meshOf';

const HUB = 'docker.io/istio';

function facts(): ClusterFacts {
  return new ClusterFacts({ onChange: () => {} });
}

function istiod(revision: string, version: string) {
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  return workloadObject(name, {
    namespace: 'istio-system',
    labels: { app: 'istiod', 'istio.io/rev': revision },
    containers: [{ name: 'discovery', image: `${HUB}/pilot:${version}` }],
  });
}

/** A cluster with one istiod and whoever is served by it. */
function primary(): ClusterFacts {
  const cluster = facts();
  cluster.deployments.upsert(istiod('default', '1.29.4'));
  cluster.configmaps.upsert(
    injectorConfigObject({ tag: '1.29.4', meshID: 'm' }),
  );
  cluster.mutatingwebhookconfigurations.upsert(injectorWebhooksObject());
  return cluster;
}

/** Makes an injector be called by URL, as an external istiod is. */
function byUrl(
  url: string,
  options?: Parameters<typeof injectorWebhooksObject>[0],
) {
  const object = injectorWebhooksObject(options);
  object.webhooks!.forEach(webhook => {
    webhook.clientConfig = { url };
  });
  return object;
}

function partsOf(cluster: string, from: ClusterFacts) {
  const lookup = createMeshLookup(cluster, from, {
    meshes: [],
    customWorkloads: [],
  });
  return {
    meshIds: lookup.all,
    parts: meshPartsOf(cluster, from, lookup),
    controlPlanes: controlPlanesOf(cluster, from, lookup),
  };
}

/** The meshes of several clusters, all of them well. */
function meshesOf(clusters: Record<string, ClusterFacts>) {
  const read = Object.entries(clusters).map(([name, from]) => ({
    name,
    ...partsOf(name, from),
  }));
  return groupMeshes(
    {
      clusters: read.map(({ name, meshIds }) => ({
        view: {
          name,
          title: name,
          mode: 'read',
          health: { state: 'healthy', since: '2026-01-01T00:00:00Z' },
        },
        meshIds,
      })),
      controlPlanes: read.flatMap(({ controlPlanes }) => controlPlanes),
      parts: read.flatMap(({ parts }) => parts),
      proxyVersions: [],
      sidecars: new Map(),
    },
    { meshes: [], customWorkloads: [] },
  );
}

describe('revisions and tags', () => {
  it('count namespaces and workloads where the API server would call, and name the canary', () => {
    const cluster = primary();
    cluster.deployments.upsert(istiod('canary', '1.30.3'));
    cluster.configmaps.upsert(
      injectorConfigObject({ revision: 'canary', tag: '1.30.3', meshID: 'm' }),
    );
    for (const webhooks of [
      injectorWebhooksObject({ revision: 'canary' }),
      injectorWebhooksObject({ revision: 'canary', tag: 'next' }),
      injectorWebhooksObject({ revision: 'gone', tag: 'lost' }),
    ]) {
      cluster.mutatingwebhookconfigurations.upsert(webhooks);
    }
    for (const [name, labels] of Object.entries<Record<string, string>>({
      shop: { 'istio-injection': 'enabled' },
      beta: { 'istio.io/rev': 'next' },
      gamma: { 'istio.io/rev': 'canary' },
      delta: { 'istio.io/rev': 'lost' },
      // The older label beats the revision.
      both: { 'istio-injection': 'enabled', 'istio.io/rev': 'next' },
      none: {},
    })) {
      cluster.namespaces.upsert(namespaceObject(name, labels));
    }
    cluster.deployments.upsert(workloadObject('a', { namespace: 'shop' }));
    cluster.deployments.upsert(workloadObject('b', { namespace: 'beta' }));
    cluster.deployments.upsert(
      workloadObject('c', {
        namespace: 'beta',
        templateLabels: { 'sidecar.istio.io/inject': 'false' },
      }),
    );
    cluster.deployments.upsert(
      workloadObject('d', {
        namespace: 'none',
        templateLabels: { 'istio.io/rev': 'next' },
      }),
    );
    // What is over is not listed either.
    cluster.sink('jobs').upsert(
      workloadObject('e', {
        namespace: 'beta',
        status: { conditions: [{ type: 'Complete', status: 'True' }] },
      }),
    );

    const [mesh, ...others] = meshesOf({ prod: cluster });
    expect(others).toEqual([]);
    expect(mesh.revisions).toEqual([
      {
        cluster: 'prod',
        revision: 'canary',
        isDefault: false,
        tags: ['next'],
        controlPlane: { namespace: 'istio-system', name: 'istiod-canary' },
        version: '1.30.3',
        injects: '1.30.3',
        namespaces: 2,
        workloads: 2,
        note: 'Canary: runs 1.30.3 beside revision default with 1.29.4',
      },
      expect.objectContaining({
        revision: 'default',
        isDefault: true,
        tags: [],
        version: '1.29.4',
        namespaces: 2,
        workloads: 1,
        note: undefined,
      }),
      expect.objectContaining({
        revision: 'gone',
        note: 'No istiod of revision gone runs in the cluster, but its webhooks are there: pods that ask for it are refused',
      }),
    ]);
    expect(mesh.tags).toEqual([
      {
        cluster: 'prod',
        tag: 'next',
        revision: 'canary',
        version: '1.30.3',
        namespaces: 1,
        workloads: 2,
        problem: undefined,
      },
      {
        cluster: 'prod',
        tag: 'lost',
        revision: 'gone',
        version: undefined,
        namespaces: 1,
        workloads: 0,
        problem:
          'It points to revision gone, of which no istiod runs in the cluster: new pods of its users are refused',
      },
    ]);
  });

  it('are those of the Sail operator too, with what it says against them', () => {
    const cluster = primary();
    cluster.mutatingwebhookconfigurations.upsert(
      injectorWebhooksObject({ tag: 'prod' }),
    );
    const refused = (reason: string, message: string) => ({
      conditions: [{ type: 'Reconciled', status: 'False', reason, message }],
    });
    cluster.istiorevisiontags.upsert({
      metadata: { name: 'prod' },
      spec: { targetRef: { kind: 'Istio', name: 'default' } },
      status: {
        istioRevision: 'default',
        ...refused('NameAlreadyExists', 'a revision has this name'),
      },
    });
    cluster.istiorevisiontags.upsert({
      metadata: { name: 'lost' },
      spec: { targetRef: { kind: 'IstioRevision', name: 'gone' } },
      status: refused('RefNotFound', 'IstioRevision gone not found'),
    });
    cluster.istiorevisiontags.upsert({
      metadata: { name: 'soon' },
      spec: { targetRef: { kind: 'Istio', name: 'default' } },
      status: { istioRevision: 'default', istiodNamespace: 'istio-system' },
    });
    const [mesh, ...others] = meshesOf({ prod: cluster });
    expect(others).toEqual([]);
    expect(
      mesh.tags.map(({ tag, revision, problem }) => [tag, revision, problem]),
    ).toEqual([
      [
        'prod',
        'default',
        'IstioRevisionTag prod, which names Istio default: NameAlreadyExists: a revision has this name',
      ],
      [
        'lost',
        'IstioRevision gone',
        'IstioRevisionTag lost, which names IstioRevision gone: RefNotFound: IstioRevision gone not found',
      ],
      [
        'soon',
        'default',
        'The Sail operator has not made its webhooks yet: pods that ask for it get no sidecar',
      ],
    ]);
  });

  it('says of a tag that leads nowhere that its users cannot start pods', () => {
    const cluster = facts();
    cluster.mutatingwebhookconfigurations.upsert(
      injectorWebhooksObject({ revision: 'gone', tag: 'lost' }),
    );
    cluster.namespaces.upsert(
      namespaceObject('shop', { 'istio.io/rev': 'lost' }),
    );
    const [mesh] = meshesOf({ prod: cluster });
    expect(mesh.tags).toEqual([
      expect.objectContaining({
        tag: 'lost',
        namespaces: 1,
        problem:
          'It points to revision gone, of which no istiod runs in the cluster: new pods of its users are refused',
      }),
    ]);
    expect(mesh.status).toBe('abnormal');
    expect(mesh.reasons).toContainEqual(
      expect.stringContaining('Tag lost on cluster prod: It points to'),
    );
  });
});

describe('the place of the istiod', () => {
  const REMOTE_POD = podObject('pod', {
    proxy: `${HUB}/proxyv2:1.29.4`,
    owner: { kind: 'ReplicaSet', name: 'rs' },
  });
  REMOTE_POD.spec!.containers[1].env = [
    { name: 'ISTIO_META_MESH_ID', value: 'm' },
  ];

  it('is another cluster of the mesh for a remote, which joins it by what its proxies were told', () => {
    const remote = facts();
    remote.mutatingwebhookconfigurations.upsert(
      byUrl('https://istiod.eu.example:15017/inject'),
    );
    remote.mutatingwebhookconfigurations.upsert(
      byUrl('https://istiod.eu.example:15017/inject', { tag: 'prod' }),
    );
    remote.mutatingwebhookconfigurations.upsert(
      byUrl('https://istiod.eu.example:15017/inject', {
        revision: 'gone',
        tag: 'lost',
      }),
    );
    remote.pods.upsert(REMOTE_POD);
    remote.pods.upsert({
      ...REMOTE_POD,
      metadata: {
        ...REMOTE_POD.metadata,
        name: 'older',
        uid: 'older',
        annotations: { 'istio.io/rev': 'gone' },
      },
    });
    remote.learnPrimaries([
      { meshId: 'm', cluster: 'eu', revision: 'default', injects: '1.29.4' },
    ]);
    const [mesh, ...others] = meshesOf({ eu: primary(), us: remote });
    expect(others).toEqual([]);
    expect(mesh).toMatchObject({ id: 'm', type: 'hosted', status: 'notReady' });
    expect(mesh.clusters.map(({ cluster, role }) => [cluster, role])).toEqual([
      ['eu', 'primary'],
      ['us', 'remote'],
    ]);
    expect(
      mesh.revisions.find(
        ({ cluster, revision }) => cluster === 'us' && revision === 'default',
      ),
    ).toMatchObject({
      version: undefined,
      injects: '1.29.4',
      url: 'https://istiod.eu.example:15017/inject',
      note: 'Remote: an istiod of another cluster injects at https://istiod.eu.example:15017/inject; the mesh has eu',
    });
    expect(mesh.tags.map(({ tag, problem }) => [tag, problem])).toEqual([
      ['prod', undefined],
      [
        'lost',
        'It points to revision gone, of which no istiod runs in any cluster of the mesh: new pods of its users are refused',
      ],
    ]);
  });

  it('is the one of its revision in the cluster although it is called by URL', () => {
    const cluster = facts();
    cluster.deployments.upsert(istiod('default', '1.29.4'));
    cluster.mutatingwebhookconfigurations.upsert(
      byUrl('https://localhost:15017/inject'),
    );
    cluster.mutatingwebhookconfigurations.upsert(
      byUrl('https://localhost:15017/inject', { tag: 'prod' }),
    );
    const [mesh] = meshesOf({ prod: cluster });
    expect(mesh.revisions).toMatchObject([
      {
        revision: 'default',
        tags: ['prod'],
        version: '1.29.4',
        url: 'https://localhost:15017/inject',
      },
    ]);
    expect(mesh.tags).toMatchObject([{ tag: 'prod', version: '1.29.4' }]);
  });

  it('is out of sight for an external one, whose health is not claimed', () => {
    const cluster = facts();
    cluster.mutatingwebhookconfigurations.upsert(
      byUrl('https://provider.example/inject'),
    );
    const [mesh] = meshesOf({ prod: cluster });
    expect(mesh).toMatchObject({
      id: 'prod',
      type: 'external',
      status: 'unknown',
      reasons: [
        'The control plane of cluster prod runs outside of the configured clusters: its health and version are not seen',
      ],
      clusters: [{ role: 'external' }],
      revisions: [
        {
          note: 'External: an istiod outside of the cluster injects at https://provider.example/inject',
        },
      ],
    });
    expect(mesh.version).toBeUndefined();
  });

  it('shows the version that an external one injects, where the cluster tells it', () => {
    const cluster = facts();
    cluster.mutatingwebhookconfigurations.upsert(
      byUrl('https://provider.example/inject'),
    );
    cluster.configmaps.upsert(
      injectorConfigObject({ tag: '1.29.4', meshID: 'm' }),
    );
    const [mesh] = meshesOf({ prod: cluster });
    expect(mesh).toMatchObject({
      type: 'external',
      status: 'unknown',
      version: '1.29.4',
      versions: ['1.29.4'],
      family: 'native',
      reasons: [expect.stringMatching(/, only which version it injects$/)],
    });
  });

  it('is nowhere when only webhooks are left', () => {
    const cluster = facts();
    cluster.mutatingwebhookconfigurations.upsert(injectorWebhooksObject());
    const [mesh] = meshesOf({ prod: cluster });
    expect(mesh).toMatchObject({
      type: 'dedicated',
      status: 'notReady',
      clusters: [{ role: 'none' }],
      revisions: [
        { note: expect.stringContaining('No istiod of revision default runs') },
      ],
    });
  });
});

describe('components', () => {
  it('are the istiod, the agents on the nodes, gateways and waypoints, with what keeps their versions', () => {
    const cluster = primary();
    const daemonSet = (
      name: string,
      labels: Record<string, string>,
      container: { name: string; image: string },
      ready: number,
    ) => {
      const object = workloadObject(name, {
        namespace: 'istio-system',
        // The chart of ztunnel labels only its pods so.
        [name === 'ztunnel' ? 'templateLabels' : 'labels']: labels,
        containers: [container],
      });
      cluster.daemonsets.upsert({
        ...object,
        status: { desiredNumberScheduled: 3, numberReady: ready } as never,
      });
    };
    daemonSet(
      'istio-cni-node',
      { 'k8s-app': 'istio-cni-node' },
      { name: 'install-cni', image: `${HUB}/install-cni:1.29.2-distroless` },
      3,
    );
    daemonSet(
      'ztunnel',
      { app: 'ztunnel' },
      { name: 'istio-proxy', image: `${HUB}/ztunnel@sha256:1` },
      2,
    );
    const gateway = (
      name: string,
      image: string,
      options: Parameters<typeof workloadObject>[1] = {},
    ) =>
      cluster.deployments.upsert(
        workloadObject(name, {
          containers: [{ name: 'istio-proxy', image }],
          status: { readyReplicas: 1 },
          ...options,
        }),
      );
    gateway('ingress', 'auto', {
      templateAnnotations: { 'inject.istio.io/templates': 'gateway' },
    });
    gateway('old-ingress', `${HUB}/proxyv2:1.28.6`, {
      labels: { istio: 'ingressgateway' },
    });
    gateway('web-istio', `${HUB}/proxyv2:1.29.4`, {
      labels: {
        'gateway.networking.k8s.io/gateway-name': 'web',
        'gateway.networking.k8s.io/gateway-class-name': 'istio',
      },
    });
    gateway('waypoint', `${HUB}/proxyv2:1.29.4`, {
      labels: {
        'gateway.networking.k8s.io/gateway-name': 'waypoint',
        'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint',
      },
    });
    // Neither the gateway of another product nor a workload that shapes its sidecar.
    cluster.deployments.upsert(
      workloadObject('nginx', {
        labels: { 'gateway.networking.k8s.io/gateway-name': 'nginx' },
      }),
    );
    cluster.deployments.upsert(
      workloadObject('shaped', {
        containers: [
          { name: 'app', image: 'app:1' },
          { name: 'istio-proxy', image: 'auto' },
        ],
      }),
    );
    cluster.replicasets.upsert(replicaSetObject('ingress-1', 'ingress'));
    for (const version of ['1.29.4', '1.29.2']) {
      cluster.pods.upsert(
        podObject(`ingress-${version}`, {
          owner: { kind: 'ReplicaSet', name: 'ingress-1' },
          proxy: `${HUB}/proxyv2:${version}`,
        }),
      );
    }

    const [mesh] = meshesOf({ prod: cluster });
    expect(
      mesh.components.map(
        ({ kind, name, version, ready, desired, gateway: g }) => [
          kind,
          name,
          version,
          `${ready}/${desired}`,
          g?.origin,
          g?.class,
        ],
      ),
    ).toEqual([
      ['istiod', 'istiod', '1.29.4', '0/1', undefined, undefined],
      ['cni', 'istio-cni-node', '1.29.2', '3/3', undefined, undefined],
      ['ztunnel', 'ztunnel', undefined, '2/3', undefined, undefined],
      ['gateway', 'ingress', '1.29.2', '1/1', 'injected', undefined],
      ['gateway', 'old-ingress', '1.28.6', '1/1', 'other', undefined],
      ['waypoint', 'waypoint', '1.29.4', '1/1', 'gatewayApi', 'istio-waypoint'],
      ['gateway', 'web-istio', '1.29.4', '1/1', 'gatewayApi', 'istio'],
    ]);
    expect(
      mesh.components.find(({ kind }) => kind === 'ztunnel')?.problems,
    ).toEqual(['2 of 3 are ready', 'The image tells no version']);
  });

  it('are behind when older than the istiod of their revision, agents when older than every istiod that serves them', () => {
    const named = (revision: string) => ({ 'istio.io/rev': revision });
    const deployed = (
      cluster: ClusterFacts,
      name: string,
      revision: string,
      version: string,
    ) =>
      cluster.deployments.upsert(
        workloadObject(name, {
          labels: { 'gateway.networking.k8s.io/gateway-name': name },
          templateAnnotations: named(revision),
          containers: [
            { name: 'istio-proxy', image: `${HUB}/proxyv2:${version}` },
          ],
        }),
      );
    const ztunnel = (cluster: ClusterFacts, tag: string) =>
      cluster.daemonsets.upsert(
        workloadObject('ztunnel', {
          labels: { app: 'ztunnel' },
          containers: [{ name: 'istio-proxy', image: `${HUB}/ztunnel:${tag}` }],
        }),
      );
    const cluster = primary();
    cluster.deployments.upsert(istiod('canary', '1.30.3'));
    cluster.configmaps.upsert(
      injectorConfigObject({ revision: 'canary', tag: '1.30.3', meshID: 'm' }),
    );
    cluster.mutatingwebhookconfigurations.upsert(
      injectorWebhooksObject({ revision: 'canary' }),
    );
    deployed(cluster, 'level', 'default', '1.29.4');
    deployed(cluster, 'late', 'canary', '1.29.4');
    deployed(cluster, 'ahead', 'default', '1.30.3');
    deployed(cluster, 'nightly', 'canary', 'nightly');
    ztunnel(cluster, '1.29.4');
    // The injector would give it the canary's proxy, whatever its pods have.
    cluster.namespaces.upsert(namespaceObject('shop', named('canary')));
    cluster.deployments.upsert(
      workloadObject('moved', {
        containers: [{ name: 'istio-proxy', image: 'auto' }],
      }),
    );
    cluster.replicasets.upsert(replicaSetObject('moved-1', 'moved'));
    cluster.pods.upsert(
      podObject('moved-1-a', {
        owner: { kind: 'ReplicaSet', name: 'moved-1' },
        proxy: `${HUB}/proxyv2:1.29.4`,
      }),
    );

    const remote = facts();
    remote.mutatingwebhookconfigurations.upsert(
      byUrl('https://istiod.eu.example:15017/inject'),
    );
    const proxy = podObject('pod', { proxy: `${HUB}/proxyv2:1.29.4` });
    proxy.spec!.containers[1].env = [
      { name: 'ISTIO_META_MESH_ID', value: 'm' },
    ];
    remote.pods.upsert(proxy);
    ztunnel(remote, '1.29.3');

    const behind = (clusters: Record<string, ClusterFacts>) =>
      meshesOf(clusters)[0].components.map(
        each => `${each.cluster} ${each.name} ${each.behind ?? 'level'}`,
      );
    expect(behind({ prod: cluster, remote })).toEqual([
      'prod istiod level',
      'prod istiod-canary level',
      'prod ahead level',
      'prod late 1.30.3',
      'prod level level',
      'prod moved 1.30.3',
      'prod nightly level',
      'prod ztunnel level',
      'remote ztunnel 1.29.4',
    ]);

    cluster.deployments.upsert(istiod('default', '1.30.3'));
    expect(behind({ prod: cluster })).toEqual(
      expect.arrayContaining([
        'prod ztunnel 1.30.3',
        'prod level 1.30.3',
        'prod ahead level',
      ]),
    );
  });
});
