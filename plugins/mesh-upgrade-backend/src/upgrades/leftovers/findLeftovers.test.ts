import {
  injector,
  istiod,
  labelled,
  namespace,
  service,
  validator,
  world,
} from './__testUtils__/world';
import { findLeftovers } from './findLeftovers';
import type { Candidate, ClusterWorld } from './types';

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
