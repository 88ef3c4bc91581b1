import type {
  WorkloadDetail,
  WorkloadKind,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  injectorConfigObject,
  injectorWebhooksObject,
  namespaceObject,
  podObject,
  replicaSetObject,
  workloadObject,
} from '../__testUtils__/objects';
import { ClusterFacts, workloadKey } from '../facts/ClusterFacts';
import type { RawWorkload } from '../facts/projectWorkload';
import { createMeshLookup } from './meshOf';
import { workloadDetail } from './workloadDetail';

const PROXY = 'docker.io/istio/proxyv2';
const OLD = { proxy: `${PROXY}:1.29.4` };
const NEW = { proxy: `${PROXY}:1.30.3` };

interface Scene {
  workload?: RawWorkload;
  kind?: WorkloadKind;
  namespaceLabels?: Record<string, string>;
  /** Pods of the workload; each gets the owner its kind would give it. */
  pods?: Parameters<typeof podObject>[1][];
  tag?: string;
}

function sceneFacts({
  workload,
  kind = 'Deployment',
  namespaceLabels,
  pods = [],
  tag,
}: Scene) {
  const facts = new ClusterFacts({ onChange: () => {} });
  const object = workload ?? workloadObject('cart');
  facts.namespaces.upsert(
    namespaceObject(
      'shop',
      namespaceLabels ?? { 'istio-injection': 'enabled' },
    ),
  );
  facts.mutatingwebhookconfigurations.upsert(injectorWebhooksObject());
  facts.configmaps.upsert(injectorConfigObject({ meshID: 'shop', tag }));
  const tables = {
    Deployment: facts.deployments,
    StatefulSet: facts.statefulsets,
    DaemonSet: facts.daemonsets,
  };
  tables[kind].upsert(object);
  facts.replicasets.upsert(replicaSetObject('cart-1', 'cart'));
  facts.replicasets.upsert(replicaSetObject('cart-2', 'cart'));
  pods.forEach((pod, index) =>
    facts.pods.upsert(
      podObject(`cart-${index}`, {
        owner:
          kind === 'Deployment'
            ? { kind: 'ReplicaSet', name: `cart-${1 + (index % 2)}` }
            : { kind, name: 'cart' },
        ...pod,
      }),
    ),
  );
  return { facts, kind };
}

function detailOf(
  facts: ClusterFacts,
  kind: WorkloadKind = 'Deployment',
  name = 'cart',
) {
  return workloadDetail(
    facts.workload(workloadKey({ namespace: 'shop', kind, name }))!,
    {
      cluster: 'prod',
      facts,
      meshes: createMeshLookup('prod', facts, { meshes: [] }),
      ownership: {
        ownersOf: () => ['component:default/cart'],
        onChange: () => () => {},
      },
    },
  );
}

function show(scene: Scene): WorkloadDetail {
  const { facts, kind } = sceneFacts(scene);
  return detailOf(facts, kind)!;
}

describe('workloadDetail', () => {
  it('counts live pods over all ReplicaSets of the Deployment', () => {
    const detail = show({
      pods: [
        OLD,
        { ...NEW, native: true, createdAt: '2026-02-01T00:00:00Z' },
        { ...OLD, phase: 'Succeeded' },
        { ...OLD, terminating: true },
        { ...OLD, owner: { kind: 'ReplicaSet', name: 'somebody-else' } },
        { ...OLD, owner: undefined },
      ],
    });
    expect(detail).toMatchObject({
      id: 'prod/shop/Deployment/cart',
      meshId: 'shop',
      status: 'injected',
      sidecar: 'native',
      revision: 'default',
      desiredVersion: '1.30.3',
      versions: [
        { version: '1.29.4', pods: 1 },
        { version: '1.30.3', pods: 1 },
      ],
      pods: { total: 2, ready: 2, injected: 2 },
      outdated: true,
      method: { kind: 'restart', blockers: [] },
      resources: { requests: { cpu: '100m', memory: '128Mi' } },
      owners: ['component:default/cart'],
    });
    expect(detail.podList.map(pod => pod.version)).toEqual([
      '1.29.4',
      '1.30.3',
    ]);
  });

  it.each<[string, Scene, Partial<WorkloadDetail>]>([
    [
      'runs what would be injected',
      { pods: [NEW] },
      { status: 'injected', outdated: false },
    ],
    [
      'has no pods',
      { pods: [] },
      { status: 'injected', outdated: false, sidecar: 'none' },
    ],
    [
      'misses a sidecar',
      { pods: [NEW, {}] },
      { status: 'pendingRestart', outdated: false },
    ],
    [
      'was injected by another revision',
      { pods: [{ ...NEW, revision: 'canary' }] },
      { status: 'pendingRestart' },
    ],
    [
      'carries a sidecar that would not come back',
      { namespaceLabels: {}, pods: [OLD] },
      {
        status: 'pendingRestart',
        desiredVersion: undefined,
        outdated: false,
        meshId: 'shop',
      },
    ],
    [
      'is not injected',
      { namespaceLabels: {}, pods: [{}] },
      { status: 'uninjected', sidecar: 'none', meshId: 'shop' },
    ],
    [
      'is excluded',
      {
        workload: workloadObject('cart', {
          templateLabels: { 'sidecar.istio.io/inject': 'false' },
        }),
        pods: [{}],
      },
      { status: 'excluded' },
    ],
    [
      'is ambient',
      { namespaceLabels: { 'istio.io/dataplane-mode': 'ambient' }, pods: [{}] },
      { status: 'uninjected', sidecar: 'ambient' },
    ],
    [
      'runs an image without a version',
      { pods: [{ proxy: `${PROXY}@sha256:abc` }] },
      {
        status: 'injected',
        versions: [{ version: 'unknown', pods: 1 }],
        outdated: true,
      },
    ],
    [
      'would get a version nobody can read',
      { tag: 'latest', pods: [OLD] },
      { status: 'injected', desiredVersion: undefined, outdated: false },
    ],
    [
      'would get a variant of the same version',
      { tag: '1.30.3-distroless', pods: [NEW] },
      { desiredVersion: '1.30.3', outdated: false },
    ],
    [
      'is a gateway whose image istiod fills in',
      {
        workload: workloadObject('cart', {
          containers: [{ name: 'istio-proxy', image: 'auto' }],
        }),
        pods: [OLD],
      },
      {
        status: 'injected',
        outdated: true,
        method: { kind: 'restart', blockers: [] },
      },
    ],
  ])('of a workload that %s', (_, scene, expected) => {
    expect(show(scene)).toMatchObject(expected);
  });

  it.each<[string, Scene, RegExp]>([
    [
      'paused',
      { workload: workloadObject('cart', { paused: true }), pods: [OLD] },
      /paused/,
    ],
    [
      'pinned',
      {
        workload: workloadObject('cart', {
          templateAnnotations: {
            'sidecar.istio.io/proxyImage': `${PROXY}:1.29.4`,
          },
        }),
        pods: [OLD],
      },
      /pins docker\.io\/istio\/proxyv2:1\.29\.4/,
    ],
    [
      'injected by hand',
      {
        workload: workloadObject('cart', {
          containers: [{ name: 'istio-proxy', image: `${PROXY}:1.29.4` }],
        }),
        pods: [OLD],
      },
      /manual injection/,
    ],
    [
      'a StatefulSet',
      { kind: 'StatefulSet', pods: [OLD] },
      /Not supported yet: restarting a StatefulSet/,
    ],
    [
      'a DaemonSet',
      { kind: 'DaemonSet', pods: [OLD] },
      /Not supported yet: restarting a DaemonSet/,
    ],
    [
      'uninjected',
      { namespaceLabels: {}, pods: [{}] },
      /No sidecar to upgrade/,
    ],
    [
      'waiting for an unknown version',
      { tag: 'latest', pods: [OLD] },
      /version that a new pod would get is unknown/,
    ],
    [
      'injected but would not be again',
      { namespaceLabels: {}, pods: [OLD] },
      /A restart would remove the sidecar\. 1 of 1 pods still carry a sidecar/,
    ],
  ])('says why one that is %s cannot be restarted', (_, scene, blocker) => {
    const { method } = show(scene);
    expect(method.kind).toBe('none');
    expect(method.blockers).toEqual([expect.stringMatching(blocker)]);
  });

  it('leaves out the parts of Istio and Kubernetes, and clusters without a mesh', () => {
    const { facts } = sceneFacts({});
    facts.deployments.upsert(
      workloadObject('istiod', { labels: { app: 'istiod' } }),
    );
    facts.deployments.upsert(
      workloadObject('coredns', { namespace: 'kube-system' }),
    );
    expect(detailOf(facts, 'Deployment', 'istiod')).toBeUndefined();
    expect(
      workloadDetail(facts.workload('kube-system/Deployment/coredns')!, {
        cluster: 'prod',
        facts,
        meshes: createMeshLookup('prod', facts, { meshes: [] }),
        ownership: { ownersOf: () => [], onChange: () => () => {} },
      }),
    ).toBeUndefined();

    facts.configmaps.retainOnly(new Set());
    facts.deployments.remove(workloadObject('istiod'));
    expect(detailOf(facts)).toBeUndefined();
  });

  it('shows as unknown what may not be read, never as healthy', () => {
    const { facts } = sceneFacts({ pods: [NEW] });
    facts.unreadable.set(
      'mutatingwebhookconfigurations',
      'webhooks cannot be read: forbidden',
    );
    expect(detailOf(facts)).toMatchObject({
      status: 'unknown',
      statusReason: 'webhooks cannot be read: forbidden',
      desiredVersion: undefined,
      method: { kind: 'none' },
    });
  });

  it('restarts nothing while the injector configuration may not be read', () => {
    const { facts } = sceneFacts({ pods: [OLD] });
    facts.configmaps.retainOnly(new Set());
    facts.deployments.upsert(
      workloadObject('istiod', { labels: { app: 'istiod' } }),
    );
    facts.unreadable.set('configmaps', 'configmaps cannot be read: forbidden');
    expect(detailOf(facts)).toMatchObject({
      status: 'injected',
      outdated: false,
      method: {
        kind: 'none',
        blockers: [
          'The version that a new pod would get is unknown: configmaps cannot be read: forbidden',
        ],
      },
    });
  });

  it('finds pods whose ReplicaSet becomes known later', () => {
    const { facts } = sceneFacts({});
    facts.takeChanges();
    facts.pods.upsert(
      podObject('late', {
        ...OLD,
        owner: { kind: 'ReplicaSet', name: 'cart-3' },
      }),
    );
    expect([...facts.takeChanges().workloads]).toEqual([]);
    facts.replicasets.upsert(replicaSetObject('cart-3', 'cart'));
    expect([...facts.takeChanges().workloads]).toEqual([
      'shop/Deployment/cart',
    ]);
    expect(detailOf(facts)!.pods.total).toBe(1);
  });

  it('takes a recreated Deployment for another one', () => {
    const { facts } = sceneFacts({ pods: [OLD] });
    const recreated = workloadObject('cart');
    recreated.metadata.uid = 'uid-cart-again';
    facts.deployments.upsert(recreated);
    expect(detailOf(facts)!.pods.total).toBe(0);
  });
});
