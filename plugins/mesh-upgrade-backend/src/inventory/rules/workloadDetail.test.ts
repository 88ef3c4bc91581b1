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
  serviceObject,
  workloadObject,
} from '../__testUtils__/objects';
import { ClusterFacts, workloadKey } from '../facts/ClusterFacts';
import type { RawWorkload } from '../facts/projectWorkload';
import { createMeshLookup } from './meshOf';
import { workloadDetail } from './workloadDetail';

const PROXY = 'docker.io/istio/proxyv2';
const OLD = { proxy: `${PROXY}:1.29.4` };
const NEW = { proxy: `${PROXY}:1.30.3` };

const RESOURCES = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  ReplicaSet: 'replicasets',
  ReplicationController: 'replicationcontrollers',
  Rollout: 'rollouts',
  DeploymentConfig: 'deploymentconfigs',
  CloneSet: 'clonesets',
  Job: 'jobs',
  CronJob: 'cronjobs',
} as const;

interface Scene {
  workload?: RawWorkload;
  kind?: keyof typeof RESOURCES;
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
  facts.sink(RESOURCES[kind]).upsert(object);
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
        outdated: false,
      },
    ],
    [
      'runs a tag that is no version',
      { pods: [{ proxy: `${PROXY}:hotfix-7` }, OLD] },
      {
        versions: [
          { version: '1.29.4', pods: 1 },
          { version: 'hotfix-7', pods: 1 },
        ],
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

  it.each<[Exclude<Scene['kind'], undefined>, object, RegExp]>([
    ['ReplicaSet', {}, /without a Deployment/],
    ['ReplicationController', {}, /without a Deployment/],
    ['Rollout', {}, /Argo Rollouts does itself after spec\.restartAt/],
    ['DeploymentConfig', {}, /new deployment by OpenShift/],
    ['CloneSet', {}, /restarting a CloneSet; /],
    [
      'CloneSet',
      { updateStrategy: { type: 'InPlaceIfPossible' } },
      /InPlaceIfPossible, which changes pods in place/,
    ],
    ['StatefulSet', { updateStrategy: { type: 'OnDelete' } }, /OnDelete/],
    ['Job', {}, /A Job cannot be restarted/],
    ['CronJob', {}, /next run gets the new sidecar/],
  ])('reads a %s, and why it is not restarted', (kind, spec, reason) => {
    const workload = workloadObject('cart', { replicas: 2 });
    const { template } = workload.spec!;
    workload.spec = {
      ...workload.spec,
      ...spec,
      ...(kind === 'CronJob' && {
        template: undefined,
        jobTemplate: { spec: { template } },
      }),
    };
    expect(show({ kind, workload, pods: [OLD] })).toMatchObject({
      id: `prod/shop/${kind}/cart`,
      kind,
      status: 'injected',
      desiredVersion: '1.30.3',
      outdated: true,
      pods: { total: 1 },
      method: { kind: 'none', blockers: [expect.stringMatching(reason)] },
    });
  });

  it.each<[string, string, string]>([
    ['ReplicaSet', 'replicasets', 'Rollout'],
    ['ReplicationController', 'replicationcontrollers', 'DeploymentConfig'],
    ['Job', 'jobs', 'CronJob'],
  ])(
    'counts the pods of a %s for the %s above it',
    (middle, resource, kind) => {
      const { facts } = sceneFacts({
        kind: kind as Scene['kind'],
        pods: [{ ...OLD, owner: { kind: middle, name: 'cart-7' } }],
      });
      const link = {
        metadata: {
          name: 'cart-7',
          namespace: 'shop',
          uid: 'uid-cart-7',
          ownerReferences: [
            { kind, name: 'cart', uid: 'uid-cart', controller: true },
          ],
        },
      };
      facts.takeChanges();
      facts.sink(resource as 'jobs').upsert(link);
      expect([...facts.takeChanges().workloads]).toEqual([`shop/${kind}/cart`]);
      expect(detailOf(facts, kind)!.podList).toHaveLength(1);
      expect(facts.workload(`shop/${middle}/cart-7`)).toBeUndefined();
      expect(
        [...facts.workloads()].filter(({ name }) => name === 'cart-7'),
      ).toEqual([]);
    },
  );

  it('walks to the top of a chain of configured kinds', () => {
    const kafka = {
      group: 'kafka.example.com',
      version: 'v1',
      resource: 'kafkas',
      kind: 'Kafka',
      podTemplatePath: ['spec', 'broker', 'template'],
      replicasPath: ['spec', 'brokers'],
      readyReplicasPath: ['status', 'up'],
    };
    const facts = new ClusterFacts({
      onChange: () => {},
      customKinds: [kafka],
    });
    facts.namespaces.upsert(
      namespaceObject('shop', { 'istio-injection': 'enabled' }),
    );
    facts.mutatingwebhookconfigurations.upsert(injectorWebhooksObject());
    facts.configmaps.upsert(injectorConfigObject());
    facts.sink('kafkas.kafka.example.com').upsert({
      metadata: { name: 'log', namespace: 'shop', uid: 'uid-log' },
      spec: {
        brokers: 3,
        broker: {
          template: {
            metadata: { labels: { 'sidecar.istio.io/inject': 'false' } },
          },
        },
      },
      status: { up: 2 },
    } as RawWorkload);
    const below = (apiVersion: string) => ({
      kind: 'Kafka',
      name: 'log',
      uid: 'uid-log',
      controller: true,
      apiVersion,
    });
    facts.statefulsets.upsert(
      workloadObject('brokers', {
        ownerReferences: [below('kafka.example.com/v1')],
      }),
    );
    facts.statefulsets.upsert(
      workloadObject('other', { ownerReferences: [below('else.example/v1')] }),
    );
    facts.pods.upsert(
      podObject('broker-0', {
        owner: { kind: 'StatefulSet', name: 'brokers' },
      }),
    );
    expect(detailOf(facts, 'Kafka', 'log')).toMatchObject({
      status: 'excluded',
      replicas: { desired: 3, ready: 2 },
      pods: { total: 1 },
    });
    expect(facts.workload('shop/StatefulSet/brokers')).toBeUndefined();
    expect(detailOf(facts, 'StatefulSet', 'other')?.controller).toEqual({
      kind: 'Kafka',
      name: 'log',
      apiVersion: 'else.example/v1',
    });
  });

  it('shows pods that nothing known stands behind, as long as they run', () => {
    const { facts } = sceneFacts({});
    const bare = podObject('bare', OLD);
    bare.metadata.annotations = {
      ...bare.metadata.annotations,
      'sidecar.istio.io/status': '{}',
    };
    facts.pods.upsert(bare);
    facts.pods.upsert(
      podObject('broker', { owner: { kind: 'PodSet', name: 'log' } }),
    );
    expect(detailOf(facts, 'Pod', 'bare')).toMatchObject({
      id: 'prod/shop/Pod/bare',
      status: 'injected',
      outdated: true,
      pods: { total: 1, injected: 1 },
      method: { blockers: [expect.stringMatching(/bare Pod/)] },
    });
    expect(detailOf(facts, 'Pod', 'broker')).toMatchObject({
      status: 'pendingRestart',
      controller: { kind: 'PodSet', name: 'log' },
      method: { blockers: [expect.stringMatching(/customWorkloads/)] },
    });

    facts.takeChanges();
    facts.pods.upsert(podObject('bare', { ...OLD, phase: 'Succeeded' }));
    expect([...facts.takeChanges().workloads]).toEqual(['shop/Pod/bare']);
    expect(facts.workload('shop/Pod/bare')).toBeUndefined();

    const mirror = podObject('kube-proxy', {});
    mirror.metadata.annotations = { 'kubernetes.io/config.mirror': 'x' };
    facts.pods.upsert(mirror);
    expect(facts.workload('shop/Pod/kube-proxy')).toBeUndefined();
  });

  it('leaves out a Job that is over, but not while its pods run', () => {
    const over = workloadObject('cart', {
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
    });
    const { facts } = sceneFacts({ kind: 'Job', workload: over });
    expect(detailOf(facts, 'Job')).toBeUndefined();
    const { facts: running } = sceneFacts({
      kind: 'Job',
      workload: over,
      pods: [OLD],
    });
    expect(detailOf(running, 'Job')?.pods.total).toBe(1);
  });

  it('counts pods in trouble as such, and completed ones not at all', () => {
    const waiting = {
      containerStatuses: [
        {
          name: 'app',
          image: 'app:1',
          imageID: '',
          ready: false,
          restartCount: 9,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
        },
      ],
    };
    expect(
      show({
        pods: [
          NEW,
          { ...NEW, status: { phase: 'Running', ...waiting } },
          { ...NEW, phase: 'Unknown' },
          { ...NEW, phase: 'Failed' },
          { ...NEW, phase: 'Succeeded' },
        ],
      }).pods,
    ).toEqual({ total: 3, ready: 3, injected: 3, abnormal: 3 });
  });

  it.each<[string, Parameters<typeof workloadObject>[1], object | undefined]>([
    [
      'a Flux Kustomization',
      {
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'apps',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      },
      {
        tool: 'flux',
        kind: 'Kustomization',
        name: 'apps',
        namespace: 'flux-system',
      },
    ],
    [
      "a Flux HelmRelease before Helm's own marks",
      {
        labels: {
          'helm.toolkit.fluxcd.io/name': 'cart',
          'app.kubernetes.io/managed-by': 'Helm',
        },
        annotations: { 'meta.helm.sh/release-name': 'shop-cart' },
      },
      { tool: 'flux', kind: 'HelmRelease', name: 'cart' },
    ],
    [
      'an Argo CD application',
      {
        annotations: {
          'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/cart',
        },
      },
      { tool: 'argocd', kind: 'application', name: 'shop' },
    ],
    [
      'a Helm release',
      {
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: {
          'meta.helm.sh/release-name': 'cart',
          'meta.helm.sh/release-namespace': 'shop',
        },
      },
      {
        tool: 'helm',
        name: 'cart',
        namespace: 'shop',
        evidence: [
          'app.kubernetes.io/managed-by=Helm',
          'meta.helm.sh/release-name=cart',
          'meta.helm.sh/release-namespace=shop',
        ],
      },
    ],
    [
      'nobody, whatever the common label says',
      { labels: { 'app.kubernetes.io/instance': 'shop' } },
      undefined,
    ],
  ])('finds that it is kept by %s', (_, options, expected) => {
    const { gitOps } = show({ workload: workloadObject('cart', options) });
    expect({ gitOps }).toMatchObject({ gitOps: expected });
  });

  it('leaves gateways that istiod deploys to it, and restarts those whose proxy is injected', () => {
    const gateway = (image: string) =>
      show({
        workload: workloadObject('cart', {
          templateLabels: { 'gateway.networking.k8s.io/gateway-name': 'web' },
          containers: [{ name: 'istio-proxy', image }],
        }),
        pods: [OLD],
      });
    const deployed = gateway(`${PROXY}:1.29.4`);
    expect(deployed).toMatchObject({
      meshId: 'shop',
      status: 'excluded',
      statusReason: expect.stringContaining('that istiod deploys'),
      sidecar: 'none',
      versions: [],
      pods: { total: 1, ready: 1, injected: 0 },
      outdated: false,
      method: {
        kind: 'none',
        blockers: [expect.stringMatching(/^Redeployed by istiod: /)],
      },
      podList: [{ version: '1.29.4' }],
    });
    expect(deployed.desiredVersion).toBeUndefined();
    expect(gateway('auto')).toMatchObject({
      status: 'injected',
      desiredVersion: '1.30.3',
      pods: { injected: 1 },
      outdated: true,
      method: { kind: 'restart', blockers: [] },
    });
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
    facts.mutatingwebhookconfigurations.retainOnly(new Set());
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

  it.each<[string, (string | undefined)[], object]>([
    [
      'what its primaries inject',
      ['1.30.3', '1.30.3'],
      { desiredVersion: '1.30.3', outdated: true, method: { kind: 'restart' } },
    ],
    [
      'nothing that they do not agree on',
      ['1.30.3', '1.29.4'],
      {
        desiredVersion: undefined,
        outdated: false,
        method: {
          blockers: [
            'The version that a new pod would get is unknown: the primary clusters of mesh prod inject different versions: eu0 1.30.3, eu1 1.29.4',
          ],
        },
      },
    ],
    [
      'nothing while no primary is seen',
      [],
      {
        desiredVersion: undefined,
        method: {
          blockers: [expect.stringContaining('no other cluster of mesh prod')],
        },
      },
    ],
  ])('wants of a remote cluster %s', (_, injected, expected) => {
    const { facts } = sceneFacts({ pods: [OLD] });
    facts.configmaps.retainOnly(new Set());
    const of = (meshId: string, revision: string) =>
      injected.map((injects, index) => ({
        meshId,
        cluster: `eu${index}`,
        revision,
        injects,
      }));
    facts.learnPrimaries([
      ...of('prod', 'default'),
      { meshId: 'other', cluster: 'x', revision: 'default', injects: '1.1.1' },
      { meshId: 'prod', cluster: 'x', revision: 'other', injects: '1.1.1' },
    ]);
    expect(facts.isServedFromElsewhere).toBe(true);
    expect(detailOf(facts)).toMatchObject(expected);
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

  it('names the Services of its namespace that select its pods, and follows them', () => {
    const { facts } = sceneFacts({
      workload: workloadObject('cart', { templateLabels: { tier: 'web' } }),
    });
    facts.deployments.upsert(workloadObject('other'));
    facts.pods.upsert(podObject('alone', { labels: { app: 'alone' } }));
    const services = (...about: Parameters<typeof detailOf>) =>
      detailOf(...about)!.services;
    expect(services(facts)).toEqual([]);
    [
      serviceObject('web', { selector: { tier: 'web' } }),
      serviceObject('cart', { selector: { app: 'cart', tier: 'web' } }),
      serviceObject('canary', { selector: { app: 'cart', tier: 'canary' } }),
      serviceObject('alone', { selector: { app: 'alone' } }),
      // These select nothing, whatever their selector would.
      serviceObject('by-hand', undefined),
      serviceObject('empty', { selector: {} }),
      serviceObject('outside', {
        type: 'ExternalName',
        selector: { app: 'cart' },
      }),
      serviceObject('elsewhere', { selector: { app: 'cart' } }, 'bank'),
    ].forEach(service => facts.services.upsert(service));
    expect(services(facts)).toEqual(['cart', 'web']);
    expect(services(facts, 'Pod', 'alone')).toEqual(['alone']);

    const changed = () => [...facts.takeChanges().workloads];
    changed();
    facts.services.upsert(
      serviceObject('web', { selector: { app: 'other', tier: 'web' } }),
    );
    expect(changed()).toEqual(['shop/Deployment/cart']);
    facts.services.upsert(serviceObject('web', { selector: { app: 'other' } }));
    expect(changed()).toEqual(['shop/Deployment/other']);
    facts.services.remove(serviceObject('alone', undefined));
    expect(changed()).toEqual(['shop/Pod/alone']);
    expect(services(facts)).toEqual(['cart']);
    expect(services(facts, 'Deployment', 'other')).toEqual(['web']);
    expect(services(facts, 'Pod', 'alone')).toEqual([]);

    facts.unreadable.set('services', 'services cannot be read: forbidden');
    expect(services(facts)).toBeUndefined();
    expect(detailOf(facts)!.status).not.toBe('unknown');
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
