import type { ClusterMode } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { MutatingWebhookConfiguration } from '../../checks/configuration/resources';
import type { KubernetesObject } from '../../clusters/types';
import { aMesh, clusterContext } from '../../checks/__testUtils__/fakes';
import type { PerClusterCheck } from '../../checks/types';
import { findLeftovers } from './findLeftovers';
import { obstacleOf } from './obstacle';
import { removalChecks } from './removalChecks';
import type { Candidate, ClusterWorld } from './types';

const NAMESPACE = 'istio-system';

function labelled(
  name: string,
  revision: string,
  more: Record<string, string> = {},
): KubernetesObject {
  return {
    metadata: {
      name,
      namespace: NAMESPACE,
      labels: { app: 'istiod', 'istio.io/rev': revision, ...more },
    },
  };
}

function clusterScoped(
  name: string,
  revision: string,
  more: Record<string, string> = {},
) {
  const { metadata } = labelled(name, revision, more);
  return { metadata: { ...metadata, namespace: undefined } };
}

function istiod(
  revision: string,
  version: string,
  env?: { name: string; value: string }[],
) {
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  return {
    ...labelled(name, revision),
    spec: {
      template: {
        metadata: { labels: { app: 'istiod', 'istio.io/rev': revision } },
        spec: {
          containers: [
            {
              name: 'discovery',
              image: `docker.io/istio/pilot:${version}`,
              env,
            },
          ],
        },
      },
    },
  };
}

function service(revision: string) {
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  return {
    ...labelled(name, revision),
    spec: { selector: { app: 'istiod', 'istio.io/rev': revision } },
  };
}

function clientConfig(revision: string) {
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  return { service: { namespace: NAMESPACE, name } };
}

/** Selectors as Istio's chart writes them, for a revision or a tag of it. */
function injector(
  revision: string,
  tag?: string,
): MutatingWebhookConfiguration {
  const asked = tag ?? revision;
  const webhook = (name: string, namespaceSelector: object) => ({
    name: `${name}.sidecar-injector.istio.io`,
    clientConfig: clientConfig(revision),
    namespaceSelector,
    objectSelector: {},
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  });
  return {
    ...clusterScoped(
      tag === undefined
        ? `istio-sidecar-injector-${revision}`
        : `istio-revision-tag-${tag}`,
      revision,
      tag === undefined ? {} : { 'istio.io/tag': tag },
    ),
    webhooks: [
      webhook('rev.namespace', {
        matchExpressions: [
          { key: 'istio.io/rev', operator: 'In', values: [asked] },
          { key: 'istio-injection', operator: 'DoesNotExist' },
        ],
      }),
      ...(asked === 'default'
        ? [
            webhook('namespace', {
              matchLabels: { 'istio-injection': 'enabled' },
            }),
          ]
        : []),
    ],
  };
}

function validator(name: string, revision: string, failurePolicy = 'Fail') {
  return {
    ...clusterScoped(name, revision),
    webhooks: [
      {
        name: 'rev.validation.istio.io',
        clientConfig: clientConfig(revision),
        failurePolicy,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}

function namespace(name: string, labels: Record<string, string> = {}) {
  return { metadata: { name, labels } };
}

/** Revision 1-30 runs with 1.30.3 and serves namespace shop; add what is left beside it. */
function world(more: Partial<ClusterWorld> = {}): ClusterWorld {
  return {
    cluster: 'prod-eu',
    validating: [validator('istio-validator-1-30-istio-system', '1-30')],
    autoscalers: [],
    budgets: [],
    nodeAgents: [],
    istios: [],
    istioRevisions: [],
    istioRevisionTags: [],
    workloads: [],
    proxies: [{ namespace: 'shop', name: 'cart-1', revision: '1-30' }],
    ...more,
    configMaps: [
      labelled('istio-1-30', '1-30'),
      labelled('istio-sidecar-injector-1-30', '1-30'),
      ...(more.configMaps ?? []),
    ],
    namespaces: [
      namespace(NAMESPACE),
      namespace('shop', { 'istio.io/rev': '1-30' }),
      ...(more.namespaces ?? []),
    ],
    services: [service('1-30'), ...(more.services ?? [])],
    istiods: [istiod('1-30', '1.30.3'), ...(more.istiods ?? [])],
    mutating: [injector('1-30'), ...(more.mutating ?? [])],
  };
}

function told(candidates: Candidate[]) {
  return candidates.map(({ kind, object, role, usedBy }) =>
    [kind, object.metadata.name, role, ...usedBy].join(' | '),
  );
}

describe('findLeftovers', () => {
  it('finds nothing where everything is of a revision that runs', () => {
    expect(findLeftovers(world())).toEqual([]);
  });

  it('says nothing of a cluster whose control plane is elsewhere', () => {
    expect(
      findLeftovers({
        ...world({ mutating: [injector('1-29')] }),
        istiods: [],
      }),
    ).toEqual([]);
  });

  it('finds all that an istiod left when it alone was removed', () => {
    const found = findLeftovers(
      world({
        mutating: [injector('1-29'), injector('1-29', 'prod')],
        validating: [validator('istio-validator-1-29-istio-system', '1-29')],
        services: [service('1-29')],
        configMaps: [
          labelled('istio-1-29', '1-29'),
          labelled('istio-sidecar-injector-1-29', '1-29'),
          // Somebody's own, with Istio's label.
          labelled('dashboards', '1-29'),
        ],
        autoscalers: [
          {
            ...labelled('istiod-1-29', '1-29'),
            spec: {
              scaleTargetRef: { kind: 'Deployment', name: 'istiod-1-29' },
            },
          },
        ],
        budgets: [
          {
            ...labelled('istiod-1-29', '1-29'),
            spec: { selector: { matchLabels: { 'istio.io/rev': '1-29' } } },
          },
        ],
      }),
    );
    expect(told(found)).toEqual([
      'MutatingWebhookConfiguration | istio-sidecar-injector-1-29 | injector',
      'MutatingWebhookConfiguration | istio-revision-tag-prod | revisionTag',
      'ValidatingWebhookConfiguration | istio-validator-1-29-istio-system | validator',
      'Service | istiod-1-29 | controlPlane',
      'HorizontalPodAutoscaler | istiod-1-29 | controlPlane',
      'PodDisruptionBudget | istiod-1-29 | controlPlane',
      'ConfigMap | istio-1-29 | configuration',
      'ConfigMap | istio-sidecar-injector-1-29 | configuration',
    ]);
    expect(found[0].reason).toBe(
      'It injects for revision 1-29, and no istiod stands behind Service istio-system/istiod-1-29',
    );
    expect(found[2].reason).toContain('such changes are refused');
  });

  it('names who would lose the injector, the proxies and the configuration', () => {
    const found = findLeftovers(
      world({
        mutating: [injector('1-29', 'prod')],
        services: [service('1-29')],
        configMaps: [labelled('istio-1-29', '1-29')],
        istiods: [
          istiod('canary', '1.30.3', [
            { name: 'SHARED_MESH_CONFIG', value: 'istio-1-29' },
          ]),
        ],
        namespaces: [namespace('pay', { 'istio.io/rev': 'prod' })],
        proxies: [{ namespace: 'pay', name: 'api-1', revision: '1-29' }],
      }),
    );
    expect(told(found)).toEqual([
      'MutatingWebhookConfiguration | istio-revision-tag-prod | revisionTag | Namespace pay by its labels',
      'Service | istiod-1-29 | controlPlane | 1 live proxies: Pod pay/api-1',
      'ConfigMap | istio-1-29 | configuration | Deployment istio-system/istiod-canary reads it (SHARED_MESH_CONFIG)',
    ]);
  });

  it('takes a dead injector for unused where a living one serves the same namespaces', () => {
    const found = findLeftovers(
      world({
        mutating: [injector('default'), injector('1-30', 'default')],
        namespaces: [namespace('pay', { 'istio-injection': 'enabled' })],
      }),
    );
    expect(told(found)).toEqual([
      'MutatingWebhookConfiguration | istio-sidecar-injector-default | injector',
    ]);
    expect(found[0].reason).toContain(
      'Service istio-system/istiod does not exist',
    );
  });

  it.each([
    [
      'a Service without a selector, which leads to an istiod elsewhere',
      { services: [{ ...service('1-29'), spec: {} }] },
    ],
    [
      'an injector that is called by its address',
      {
        mutating: [
          {
            ...injector('1-29'),
            webhooks: injector('1-29').webhooks?.map(each => ({
              ...each,
              clientConfig: { url: 'https://istiod.example.com/inject' },
            })),
          },
        ],
      },
    ],
  ] satisfies [string, Partial<ClusterWorld>][])(
    'leaves %s alone',
    (_what, more) => {
      expect(
        findLeftovers(world({ mutating: [injector('1-29')], ...more })),
      ).toEqual([]);
    },
  );

  it('finds an older revision that nobody asks for, with all that belongs to it', () => {
    const more: Partial<ClusterWorld> = {
      istiods: [istiod('1-29', '1.29.2')],
      services: [service('1-29')],
      mutating: [injector('1-29'), injector('1-29', 'old')],
      configMaps: [labelled('istio-1-29', '1-29')],
    };
    const found = findLeftovers(world(more));
    expect(told(found)).toEqual([
      'Deployment | istiod-1-29 | controlPlane',
      'Service | istiod-1-29 | controlPlane',
      'ConfigMap | istio-1-29 | configuration',
      'MutatingWebhookConfiguration | istio-sidecar-injector-1-29 | injector',
      'MutatingWebhookConfiguration | istio-revision-tag-old | revisionTag',
    ]);
    expect(found[0].reason).toBe(
      'Nobody asks for revision 1-29 with 1.29.2: no namespace and no workload by its labels. istiod-1-30 runs 1.30.3',
    );

    const running = findLeftovers(
      world({
        ...more,
        proxies: [{ namespace: 'pay', name: 'api-1', revision: '1-29' }],
        validating: [validator('istiod-default-validator', '1-29')],
      }),
    );
    expect(running[0].usedBy).toEqual([
      '1 live proxies: Pod pay/api-1',
      "ValidatingWebhookConfiguration istiod-default-validator asks it about changes of Istio's configuration",
    ]);
  });

  it.each<[string, Partial<ClusterWorld>]>([
    [
      'a namespace asks for it',
      { namespaces: [namespace('pay', { 'istio.io/rev': '1-29' })] },
    ],
    [
      'a namespace asks for a tag of it',
      {
        mutating: [injector('1-29'), injector('1-29', 'prod')],
        namespaces: [namespace('pay', { 'istio.io/rev': 'prod' })],
      },
    ],
    ['it is the newer one', { istiods: [istiod('1-29', '1.31.0')] }],
    ['its version is unknown', { istiods: [istiod('1-29', 'latest')] }],
    ['it has the same version', { istiods: [istiod('1-29', '1.30.3')] }],
  ])('takes a second revision for no leftover when %s', (_why, more) => {
    expect(
      findLeftovers(
        world({
          istiods: [istiod('1-29', '1.29.2')],
          services: [service('1-29')],
          mutating: [injector('1-29')],
          ...more,
        }),
      ),
    ).toEqual([]);
  });

  it('finds revisions and tags that the Sail operator does not stand for any more', () => {
    const ownerReferences = [{ kind: 'Istio', name: 'default', uid: 'u' }];
    const revision = (name: string) => ({
      metadata: { name, ownerReferences },
    });
    const sail: Partial<ClusterWorld> = {
      istios: [
        {
          metadata: { name: 'default' },
          status: { activeRevisionName: 'default-v1-30-3' },
        },
      ],
      istioRevisions: [
        revision('default-v1-29-4'),
        revision('default-v1-30-3'),
      ],
      istioRevisionTags: [
        {
          metadata: { name: 'lost' },
          spec: { targetRef: { kind: 'IstioRevision', name: 'gone' } },
        },
      ],
    };
    expect(told(findLeftovers(world(sail)))).toEqual([
      'IstioRevisionTag | lost | revisionTag',
      'IstioRevision | default-v1-29-4 | controlPlane',
    ]);
    const used = findLeftovers(
      world({
        ...sail,
        istioRevisionTags: [
          {
            metadata: { name: 'prod' },
            spec: {
              targetRef: { kind: 'IstioRevision', name: 'default-v1-29-4' },
            },
          },
        ],
        proxies: [{ namespace: 'pay', name: 'api-1' }],
      }),
    );
    expect(used[0].usedBy).toEqual([
      'IstioRevisionTag prod points to it',
      '1 live proxies: Pod pay/api-1',
    ]);
  });
});

describe('obstacleOf', () => {
  const candidate = (
    metadata: Partial<KubernetesObject['metadata']>,
    more: Partial<Candidate> = {},
  ): Candidate => ({
    kind: 'Service',
    object: {
      metadata: { name: 'istiod-1-29', namespace: NAMESPACE, ...metadata },
    },
    role: 'controlPlane',
    reason: '',
    usedBy: [],
    ...more,
  });
  const ofRelease = (name: string) => ({
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: {
      'meta.helm.sh/release-name': name,
      'meta.helm.sh/release-namespace': NAMESPACE,
    },
  });

  it.each<[string, Candidate, string | undefined]>([
    [
      'nothing for what istioctl left',
      candidate({
        labels: { 'install.operator.istio.io/owning-resource': 'unknown' },
      }),
      undefined,
    ],
    [
      'who uses it',
      candidate({}, { usedBy: ['Namespace pay by its labels'] }),
      'It is in use: Namespace pay by its labels',
    ],
    [
      'the release to uninstall',
      candidate(ofRelease('istiod-1-29')),
      'It belongs to Helm release istio-system/istiod-1-29: helm uninstall istiod-1-29 -n istio-system',
    ],
    [
      'never to uninstall the istiod that is needed',
      candidate(ofRelease('istiod'), { revision: '1-29' }),
      'It carries the mark of Helm release istio-system/istiod, which runs istiod-1-30: see by helm get manifest istiod -n istio-system whether it is still of it; when it is not, kubectl delete service istiod-1-29 -n istio-system',
    ],
    [
      'the value that makes a tag',
      candidate(ofRelease('istiod-1-29'), { role: 'revisionTag' }),
      'It belongs to Helm release istio-system/istiod-1-29, which would put it back: change revisionTags of the release and run helm upgrade',
    ],
    [
      'never to uninstall base',
      candidate(ofRelease('istio-base'), { role: 'validator' }),
      'It belongs to Helm release istio-system/istio-base, which would put it back: change defaultRevision of the release and run helm upgrade',
    ],
    [
      'nothing when helm has forgotten the release',
      candidate(ofRelease('gone')),
      undefined,
    ],
    [
      'the object of the operator',
      candidate({
        ownerReferences: [
          { kind: 'IstioRevision', name: 'default-v1-29-4', uid: 'u' },
        ],
      }),
      'The Sail operator keeps it for IstioRevision default-v1-29-4: remove that',
    ],
    [
      'who keeps it in Git',
      candidate({
        annotations: { 'argocd.argoproj.io/tracking-id': 'istio:x' },
      }),
      'Argo CD application istio would put it back: remove it in Git, where it is kept',
    ],
    [
      'the provider',
      candidate({ namespace: 'aks-istio-system' }),
      "The Istio add-on of AKS keeps it: end the canary upgrade with 'az aks mesh upgrade complete'",
    ],
  ])('names %s', (_what, one, expected) => {
    const running = istiod('1-30', '1.30.3');
    const istiods = [
      {
        ...running,
        metadata: {
          ...running.metadata,
          labels: { ...running.metadata.labels, ...ofRelease('istiod').labels },
          annotations: ofRelease('istiod').annotations,
        },
      },
    ];
    const releases = new Map([
      [
        NAMESPACE,
        new Map([
          ['istiod', 'istiod'],
          ['istiod-1-29', 'istiod'],
          ['istio-base', 'base'],
        ]),
      ],
    ]);
    expect(obstacleOf(one, { releases, istiods })).toBe(expected);
  });

  it('does not take what it may not read for gone', () => {
    const releases = new Map([[NAMESPACE, undefined]]);
    expect(
      obstacleOf(candidate(ofRelease('istiod-1-29')), {
        releases,
        istiods: [],
      }),
    ).toContain('which cannot be read here');
  });
});

describe('removalChecks', () => {
  const [check] = removalChecks([
    'prod-eu/Service/istio-system/istiod-1-29',
    'prod-eu/Service/istio-system/istiod-1-28',
    'prod-eu/MutatingWebhookConfiguration//istio-sidecar-injector-1-29',
    'prod-us/ConfigMap/istio-system/istio-1-29',
  ]);
  const look = (mode: ClusterMode, denied: string[]) => {
    const asked: string[] = [];
    const mesh = aMesh({ clusterNames: ['prod-eu'] });
    mesh.clusters[0].mode = mode;
    const context = clusterContext('prod-eu', {
      mesh,
      clusters: {
        'prod-eu': {
          accessReview: async ({ verb, resource, namespace: place }) => {
            asked.push([verb, resource, place ?? '*'].join(' '));
            return { allowed: !denied.includes(resource) };
          },
        },
      },
    });
    return (check as PerClusterCheck)
      .run(context)
      .then(findings => ({ asked, findings }));
  };

  it('asks once for each kind and namespace of the cluster', async () => {
    const { asked, findings } = await look('full', []);
    expect(asked).toEqual([
      'delete services istio-system',
      'delete mutatingwebhookconfigurations *',
    ]);
    expect(findings).toMatchObject([{ severity: 'passed' }]);
  });

  it('names the mode and each right that stands in the way', async () => {
    const { findings } = await look('read', ['services']);
    expect(findings).toMatchObject([
      {
        severity: 'blocker',
        evidence: {
          observed: 'mode read, not allowed to delete services in istio-system',
        },
      },
    ]);
  });
});
