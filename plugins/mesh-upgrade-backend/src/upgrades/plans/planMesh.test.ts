import type { MeshComponentView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { aMesh, fakeClusters } from '../../checks/__testUtils__/fakes';
import type { KubernetesClient, ObjectRef } from '../../clusters/types';
import type { ControlPlaneDriver, PlannedStep } from '../drivers/types';
import { planMesh } from './planMesh';

const step = (cluster: string, title: string): PlannedStep => ({
  phase: 'upgrade',
  title,
  cluster,
  action: 'none',
  parameters: {},
});
const change = (cluster: string, object: string) => ({
  cluster,
  object,
  before: '1.29.4',
  after: '1.30.3',
  effect: 'changes',
});
const planned = (cluster: string, name: string) => ({
  changes: [change(cluster, name)],
  steps: [step(cluster, name)],
});

const driver: ControlPlaneDriver = {
  method: 'helm',
  rights: () => [],
  plan: async ({ controlPlane: { cluster, name } }) => planned(cluster, name),
  planNodeAgent: async ({ agent: { cluster, name } }) => planned(cluster, name),
};

/** Every cluster has the same objects, which Helm installed. */
const client = {
  get: async ({ namespace, name, resource }: ObjectRef) => ({
    metadata: {
      namespace,
      name,
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': name },
    },
    spec: {
      replicas: 1,
      template: {
        spec: {
          containers: [
            {
              name: resource === 'deployments' ? 'discovery' : 'install-cni',
              image: 'docker.io/istio/pilot:1.29.4',
            },
          ],
        },
      },
    },
  }),
  accessReview: async () => ({ allowed: false }),
} as unknown as KubernetesClient;

function world() {
  const mesh = aMesh({ clusterNames: ['alpha', 'beta', 'gamma', 'test'] });
  for (const cluster of mesh.clusters) {
    if (cluster.cluster === 'alpha') {
      cluster.role = 'remote';
    } else {
      cluster.controlPlanes = [
        {
          cluster: cluster.cluster,
          namespace: 'istio-system',
          name: 'istiod',
          revision: 'default',
          desiredReplicas: 1,
          install: { method: 'helm', evidence: [] },
        } as unknown as (typeof cluster.controlPlanes)[number],
      ];
    }
  }
  mesh.components = ['alpha', 'test'].map(
    cluster =>
      ({
        kind: 'cni',
        cluster,
        namespace: 'istio-system',
        name: 'istio-cni-node',
      } as MeshComponentView),
  );
  return mesh;
}

describe('planMesh', () => {
  it('takes a canary first and a cluster without istiod last, each after the proofs of those before', async () => {
    const mesh = world();
    const { steps, plan } = await planMesh(
      { kind: 'mesh', meshId: 'shop', targetVersion: '1.30.3' },
      {
        mesh,
        clusters: fakeClusters(
          Object.fromEntries(mesh.clusters.map(c => [c.cluster, client])),
        ),
        drivers: [driver],
        canaryClusters: ['test'],
        signal: new AbortController().signal,
      },
    );
    expect(plan.changes.map(each => `${each.cluster} ${each.object}`)).toEqual([
      'test istiod',
      'test istio-cni-node',
      'beta istiod',
      'gamma istiod',
      'alpha istio-cni-node',
    ]);
    const stages = new Map<number, string[]>();
    for (const { stage = 0, phase, cluster } of steps) {
      const seen = stages.get(stage) ?? [];
      stages.set(stage, [...new Set([...seen, `${phase} ${cluster}`])]);
    }
    expect([...stages].sort(([a], [b]) => a - b).map(([, on]) => on)).toEqual([
      ['upgrade test', 'healthCheck test'],
      [
        'upgrade beta',
        'upgrade gamma',
        'healthCheck beta',
        'healthCheck gamma',
      ],
      ['upgrade alpha'],
    ]);
  });
});
