import type {
  ClusterHealthState,
  ControlPlaneView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { groupMeshes } from './meshes';
import type { MeshSources } from './meshes';

function cluster(
  name: string,
  state: ClusterHealthState = 'healthy',
  meshIds = ['shop'],
) {
  return {
    view: {
      name,
      title: name,
      mode: 'read' as const,
      health: {
        state,
        reason: state === 'healthy' ? undefined : 'told so',
        since: '2026-01-01T00:00:00Z',
      },
    },
    meshIds,
  };
}

function istiod(
  name: string,
  view: Partial<ControlPlaneView> = {},
  meshId = 'shop',
) {
  const version = 'version' in view ? view.version : '1.30.3';
  return {
    meshId,
    hub: 'docker.io/istio',
    view: {
      cluster: name,
      namespace: 'istio-system',
      name: 'istiod',
      revision: 'default',
      version,
      image: `docker.io/istio/pilot:${version}`,
      desiredReplicas: 2,
      readyReplicas: 2,
      updatedReplicas: 2,
      install: { method: 'sail' as const, evidence: ['a mark'] },
      problems: [],
      ...view,
    },
  };
}

function group(
  sources: Partial<MeshSources>,
  meshes: { id: string; clusters: string[] }[] = [],
) {
  return groupMeshes(
    {
      clusters: [],
      controlPlanes: [],
      parts: [],
      proxyVersions: [],
      sidecars: new Map(),
      ...sources,
    },
    { meshes: meshes.map(mesh => ({ ...mesh, name: mesh.id.toUpperCase() })) },
  );
}

describe('groupMeshes', () => {
  it('joins the clusters of a mesh and shows its lowest version', () => {
    const [mesh, ...others] = group({
      clusters: [cluster('eu'), cluster('us')],
      controlPlanes: [
        istiod('eu', { version: '1.30.10' }),
        istiod('us', { version: '1.30.9' }),
      ],
      sidecars: new Map([
        ['shop', { total: 5, current: 3, workloads: 2, outdatedWorkloads: 1 }],
      ]),
    });
    expect(others).toEqual([]);
    expect(mesh).toMatchObject({
      id: 'shop',
      type: 'hosted',
      family: 'native',
      status: 'running',
      reasons: [],
      version: '1.30.9',
      versions: ['1.30.9', '1.30.10'],
      hubs: ['docker.io/istio'],
      install: {
        method: 'sail',
        evidence: [
          'eu: istio-system/istiod: a mark',
          'us: istio-system/istiod: a mark',
        ],
      },
      sidecars: { total: 5, current: 3, workloads: 2, outdatedWorkloads: 1 },
    });
    expect(
      mesh.clusters.map(each => [each.cluster, each.controlPlanes.length]),
    ).toEqual([
      ['eu', 1],
      ['us', 1],
    ]);
  });

  it.each<[string, Partial<MeshSources>, string, RegExp]>([
    [
      'a problem',
      {
        clusters: [cluster('eu')],
        controlPlanes: [
          istiod('eu', { problems: ['CrashLoopBackOff'], readyReplicas: 0 }),
        ],
      },
      'abnormal',
      /istiod on cluster eu: CrashLoopBackOff/,
    ],
    [
      'replicas that are not ready',
      {
        clusters: [cluster('eu')],
        controlPlanes: [istiod('eu', { readyReplicas: 1 })],
      },
      'notReady',
      /1 of 2 replicas are ready/,
    ],
    [
      'a rollout under way',
      {
        clusters: [cluster('eu')],
        controlPlanes: [istiod('eu', { updatedReplicas: 1 })],
      },
      'notReady',
      /1 of 2 replicas run the image/,
    ],
    [
      'zero replicas',
      {
        clusters: [cluster('eu')],
        controlPlanes: [istiod('eu', { desiredReplicas: 0, readyReplicas: 0 })],
      },
      'notReady',
      /scaled to zero/,
    ],
    [
      'no control plane',
      { clusters: [cluster('eu')] },
      'notReady',
      /No control plane/,
    ],
    [
      'a cluster that does not answer',
      {
        clusters: [cluster('eu'), cluster('us', 'unreachable')],
        controlPlanes: [istiod('eu'), istiod('us')],
      },
      'unreachable',
      /Cluster us is unreachable since 2026-01-01T00:00:00Z: told so/,
    ],
    [
      'refused credentials',
      {
        clusters: [cluster('eu', 'unauthorized')],
        controlPlanes: [istiod('eu')],
      },
      'unreachable',
      /refuses the credentials/,
    ],
    [
      'a cluster not read yet',
      {
        clusters: [cluster('eu', 'connecting')],
        controlPlanes: [istiod('eu')],
      },
      'unknown',
      /still being read/,
    ],
    [
      'a refused resource',
      { clusters: [cluster('eu', 'forbidden')], controlPlanes: [istiod('eu')] },
      'unknown',
      /cannot be read completely: told so/,
    ],
    [
      'a wrong configuration',
      { clusters: [cluster('eu', 'misconfigured')] },
      'unknown',
      /misconfigured: told so/,
    ],
    [
      'an unreadable version',
      {
        clusters: [cluster('eu')],
        controlPlanes: [istiod('eu', { version: undefined })],
      },
      'unknown',
      /tells no version/,
    ],
    [
      'mixed families',
      {
        clusters: [cluster('eu'), cluster('us')],
        controlPlanes: [
          istiod('eu'),
          istiod('us', { version: '1.30.3-mspider' }),
        ],
      },
      'abnormal',
      /several families are mixed: mspider, native/,
    ],
  ])('with %s', (_, sources, status, reason) => {
    const [mesh] = group(sources);
    expect(mesh.status).toBe(status);
    expect(mesh.reasons).toContainEqual(expect.stringMatching(reason));
  });

  it('does not let one cluster hide the trouble of another', () => {
    const [mesh] = group({
      clusters: [cluster('eu'), cluster('us', 'unreachable')],
      controlPlanes: [
        istiod('eu', { problems: ['OOMKilled'] }),
        istiod('us', { problems: ['old news'] }),
      ],
    });
    expect(mesh.status).toBe('abnormal');
    expect(mesh.reasons).toEqual([
      'istio-system/istiod on cluster eu: OOMKilled',
      expect.stringContaining('Cluster us is unreachable'),
    ]);
  });

  it('shows a configured mesh whose clusters nobody configured', () => {
    const [mesh] = group({}, [{ id: 'bank', clusters: ['gone'] }]);
    expect(mesh).toMatchObject({
      name: 'BANK',
      status: 'unknown',
      family: 'unknown',
      install: { method: 'unknown' },
    });
    expect(mesh.reasons).toContain(
      'Cluster gone belongs to the mesh but is not configured',
    );
  });

  it('has no common method when clusters were installed differently', () => {
    const [mesh] = group({
      clusters: [cluster('eu'), cluster('us')],
      controlPlanes: [
        istiod('eu'),
        istiod('us', { install: { method: 'helm', evidence: ['a release'] } }),
      ],
    });
    expect(mesh.install.method).toBe('unknown');
    expect(mesh.install.evidence).toHaveLength(2);
  });
});
