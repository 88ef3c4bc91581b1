import type {
  CheckFinding,
  ClusterView,
  LeftoverView,
  MeshView,
  RunView,
  TargetVersions,
  UpgradePlan,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

const SINCE = '2026-01-01T00:00:00Z';

export function cluster(overrides: Partial<ClusterView> = {}): ClusterView {
  return {
    name: 'prod-eu',
    title: 'Production EU',
    mode: 'full',
    kubernetesVersion: '1.34.2',
    health: { state: 'healthy', since: SINCE },
    ...overrides,
  };
}

export function mesh(overrides: Partial<MeshView> = {}): MeshView {
  return {
    id: 'shop',
    name: 'Shop',
    type: 'hosted',
    family: 'native',
    status: 'running',
    reasons: [],
    version: '1.29.4',
    versions: ['1.29.4'],
    upgrade: { newest: '1.30.3', recommended: '1.30.3', seenAt: SINCE },
    support: { state: 'supported', until: '2099-12-01' },
    clusters: [
      {
        cluster: 'prod-eu',
        mode: 'full',
        role: 'primary',
        kubernetesVersion: '1.34.2',
        health: { state: 'healthy', since: SINCE },
        controlPlanes: [
          {
            cluster: 'prod-eu',
            namespace: 'istio-system',
            name: 'istiod',
            revision: 'default',
            version: '1.29.4',
            image: 'docker.io/istio/pilot:1.29.4',
            desiredReplicas: 2,
            readyReplicas: 2,
            updatedReplicas: 2,
            install: { method: 'sail', evidence: [] },
            problems: [],
          },
        ],
      },
    ],
    install: {
      method: 'sail',
      evidence: ['Istio default owns Deployment istiod.'],
    },
    revisions: [],
    tags: [],
    components: [],
    proxyVersions: [],
    sidecars: { total: 60, current: 41, workloads: 20, outdatedWorkloads: 3 },
    ...overrides,
  };
}

export function run(overrides: Partial<RunView> = {}): RunView {
  return {
    id: 'run-1',
    kind: 'mesh',
    state: 'running',
    meshId: 'shop',
    fromVersion: '1.29.4',
    targetVersion: '1.30.3',
    startedBy: 'user:default/ada',
    createdAt: SINCE,
    startedAt: SINCE,
    progress: { done: 1, total: 3 },
    planHash: '7f3a9c01d2',
    driver: 'sail',
    steps: [
      {
        id: 's1',
        phase: 'upgrade',
        title: 'Istio default',
        cluster: 'prod-eu',
        state: 'succeeded',
        message: 'Version is 1.30.3',
      },
      {
        id: 's2',
        phase: 'upgrade',
        title: 'istiod',
        cluster: 'prod-us',
        state: 'running',
        message: '1 of 2 replicas updated',
        progress: { done: 1, total: 2 },
      },
      {
        id: 's3',
        phase: 'healthCheck',
        title: 'Control plane',
        cluster: 'prod-eu',
        state: 'pending',
        message: '',
      },
    ],
    ...overrides,
  };
}

export function workload(
  name: string,
  overrides: Partial<WorkloadView> = {},
): WorkloadView {
  return {
    id: `prod-eu/shop/Deployment/${name}`,
    cluster: 'prod-eu',
    namespace: 'shop',
    kind: 'Deployment',
    name,
    meshId: 'shop',
    status: 'injected',
    statusReason: 'Namespace shop has istio-injection=enabled',
    sidecar: 'container',
    revision: 'default',
    desiredVersion: '1.30.3',
    versions: [{ version: '1.29.4', pods: 3 }],
    pods: { total: 3, ready: 3, injected: 3 },
    outdated: true,
    method: { kind: 'restart', blockers: [] },
    owners: [`component:default/${name}`],
    ...overrides,
  };
}

export function targetVersions(): TargetVersions {
  const support = { state: 'supported' as const, until: '2099-12-01' };
  const source = 'docker.io/istio/pilot';
  const clusters = [
    {
      cluster: 'prod-eu',
      kubernetesVersion: '1.34.2',
      verdict: 'ok' as const,
    },
  ];
  return {
    current: '1.29.4',
    family: 'native',
    strategy: 'inPlace',
    offered: [
      {
        version: '1.30.3',
        minor: '1.30',
        support,
        kubernetes: { min: '1.32', max: '1.36' },
        recommended: true,
        clusters,
        sources: [source],
      },
      {
        version: '1.30.2',
        minor: '1.30',
        support,
        kubernetes: { min: '1.32', max: '1.36' },
        recommended: false,
        clusters,
        sources: [source],
      },
    ],
    refused: [
      {
        version: '1.30.3-mspider',
        code: 'otherFamily',
        reason: 'It belongs to the family mspider.',
      },
    ],
    sources: [{ kind: 'registry', source, seenAt: SINCE }],
    matrix: {
      source: 'Istio: supported releases',
      url: 'https://istio.io/latest/docs/releases/supported-releases/',
      readAt: '2026-08-01',
      stale: false,
    },
  };
}

export function finding(overrides: Partial<CheckFinding> = {}): CheckFinding {
  return {
    id: [
      overrides.check,
      overrides.cluster,
      overrides.workload,
      overrides.title,
    ].join(' '),
    check: 'kubernetes-version',
    severity: 'passed',
    title: 'Kubernetes version fits Istio 1.30',
    cluster: 'prod-eu',
    evidence: {
      object: 'prod-eu',
      observed: '1.34.2',
      expected: '1.32 to 1.36',
    },
    remedy: '',
    ...overrides,
  };
}

export function plan(overrides: Partial<UpgradePlan> = {}): UpgradePlan {
  return {
    hash: 'hash-1',
    kind: 'mesh',
    meshId: 'shop',
    fromVersion: '1.29.4',
    targetVersion: '1.30.3',
    driver: 'sail',
    changes: [
      {
        cluster: 'prod-eu',
        object: 'Istio default',
        before: 'v1.29.4',
        after: 'v1.30.3',
        effect: 'The operator rolls istiod.',
      },
    ],
    pods: 0,
    skipped: [],
    ...overrides,
  };
}

export function leftover(overrides: Partial<LeftoverView> = {}): LeftoverView {
  return {
    id: 'prod-eu/MutatingWebhookConfiguration/istio-sidecar-injector-1-28',
    cluster: 'prod-eu',
    kind: 'MutatingWebhookConfiguration',
    name: 'istio-sidecar-injector-1-28',
    role: 'injector',
    revision: '1-28',
    reason: 'Its Service istiod-1-28 does not exist',
    usedBy: [],
    ...overrides,
  };
}
