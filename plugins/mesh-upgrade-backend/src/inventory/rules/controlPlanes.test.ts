import {
  injectorConfigObject,
  podObject,
  replicaSetObject,
  workloadObject,
} from '../__testUtils__/objects';
import { ClusterFacts } from '../facts/ClusterFacts';
import { controlPlanesOf } from './controlPlanes';
import { createMeshLookup } from './meshOf';

const PILOT = '127.0.0.1:5000/istio/pilot';

type Options = Parameters<typeof workloadObject>[1] & { managers?: string[] };

function istiod(name: string, { managers, ...options }: Options = {}) {
  const object = workloadObject(name, {
    replicas: 2,
    containers: [{ name: 'discovery', image: `${PILOT}:1.30.3` }],
    status: { readyReplicas: 1 },
    ...options,
    labels: { app: 'istiod', ...options.labels },
  });
  return {
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: managers?.map(manager => ({ manager })),
    },
  };
}

function controlPlanes(
  facts: ClusterFacts,
  meshes: { id: string; clusters: string[] }[] = [],
) {
  const settings = { meshes: meshes.map(mesh => ({ ...mesh, name: mesh.id })) };
  return controlPlanesOf(
    'prod',
    facts,
    createMeshLookup('prod', facts, settings),
  );
}

function factsWith(...deployments: ReturnType<typeof istiod>[]): ClusterFacts {
  const facts = new ClusterFacts({ onChange: () => {} });
  deployments.forEach(deployment => facts.deployments.upsert(deployment));
  return facts;
}

const OWNED_BY_SAIL = {
  ownerReferences: [{ kind: 'IstioRevision', name: 'default', uid: 'r' }],
};
const OPENSHIFT_IMAGE =
  'registry.redhat.io/openshift-service-mesh/istio-pilot-rhel9@sha256:1';
const ISTIOCTL_LABELS = {
  'install.operator.istio.io/owning-resource': 'installed-state',
};
const HELM_MARKS = {
  labels: { 'app.kubernetes.io/managed-by': 'Helm' },
  annotations: {
    'meta.helm.sh/release-name': 'istiod',
    'meta.helm.sh/release-namespace': 'istio-system',
  },
};

describe('controlPlanesOf', () => {
  it('reads replicas, versions and what goes wrong', () => {
    const facts = factsWith(
      istiod('istiod', {
        status: {
          readyReplicas: 1,
          conditions: [
            { type: 'Available', status: 'True' },
            {
              type: 'Progressing',
              status: 'False',
              reason: 'ProgressDeadlineExceeded',
              message: 'ReplicaSet "istiod-2" has timed out progressing.',
            },
          ],
        },
      }),
    );
    facts.replicasets.upsert(replicaSetObject('istiod-1', 'istiod'));
    facts.replicasets.upsert(replicaSetObject('istiod-2', 'istiod'));
    const pod = (name: string, set: string, tag: string) =>
      podObject(name, {
        owner: { kind: 'ReplicaSet', name: set },
        labels: { app: 'istiod' },
        image: `${PILOT}:${tag}`,
      });
    facts.pods.upsert(pod('old', 'istiod-1', '1.29.4'));
    const stuck = pod('new', 'istiod-2', '1.30.3');
    stuck.status!.containerStatuses = [
      {
        name: 'discovery',
        image: '',
        imageID: '',
        ready: false,
        restartCount: 0,
        state: {
          waiting: { reason: 'ImagePullBackOff', message: 'no such image' },
        },
      },
    ];
    facts.pods.upsert(stuck);
    facts.istios.upsert({
      metadata: { name: 'default' },
      spec: { namespace: 'shop' },
      status: {
        conditions: [
          {
            type: 'Reconciled',
            status: 'False',
            reason: 'ReconcileError',
            message: 'end-of-life',
          },
          { type: 'Ready', status: 'Unknown' },
        ],
      },
    });

    expect(controlPlanes(facts)).toEqual([
      {
        meshId: 'prod',
        hub: '127.0.0.1:5000/istio',
        view: expect.objectContaining({
          cluster: 'prod',
          revision: 'default',
          version: '1.30.3',
          desiredReplicas: 2,
          readyReplicas: 1,
          updatedReplicas: 1,
          problems: [
            'ProgressDeadlineExceeded: ReplicaSet "istiod-2" has timed out progressing.',
            'Pod new, discovery: ImagePullBackOff: no such image',
            'Istio default: ReconcileError: end-of-life',
          ],
        }),
      },
    ]);
  });

  it.each<[string, Options, string, string[]]>([
    ['Sail', OWNED_BY_SAIL, 'sail', ['Owned by IstioRevision default']],
    [
      'Sail, which leaves marks of Helm',
      { ...HELM_MARKS, ...OWNED_BY_SAIL },
      'sail',
      ['Owned by IstioRevision default'],
    ],
    [
      'OpenShift Service Mesh',
      {
        ...OWNED_BY_SAIL,
        containers: [{ name: 'discovery', image: OPENSHIFT_IMAGE }],
      },
      'openshift',
      [
        'Owned by IstioRevision default',
        `Image of OpenShift Service Mesh: ${OPENSHIFT_IMAGE}`,
      ],
    ],
    [
      'AKS, which installs by Helm',
      { ...HELM_MARKS, namespace: 'aks-istio-system' },
      'aks',
      ['Namespace aks-istio-system belongs to the Istio add-on of AKS'],
    ],
    [
      'Kyma, by its label',
      { labels: { 'kyma-project.io/module': 'istio', ...ISTIOCTL_LABELS } },
      'kyma',
      ['Label kyma-project.io/module=istio'],
    ],
    [
      'Flux, which installs by Helm',
      {
        ...HELM_MARKS,
        labels: {
          ...HELM_MARKS.labels,
          'helm.toolkit.fluxcd.io/name': 'istiod',
          'helm.toolkit.fluxcd.io/namespace': 'flux',
        },
      },
      'flux',
      [
        'Flux HelmRelease flux/istiod: helm.toolkit.fluxcd.io/name=istiod, helm.toolkit.fluxcd.io/namespace=flux',
      ],
    ],
    [
      'Argo CD, by its tracking id',
      {
        annotations: {
          'argocd.argoproj.io/tracking-id': 'mesh:apps/Deployment:x/istiod',
        },
      },
      'argocd',
      [
        'Argo CD application mesh: argocd.argoproj.io/tracking-id=mesh:apps/Deployment:x/istiod',
      ],
    ],
    [
      'Argo CD, by an instance that it manages',
      {
        labels: { 'app.kubernetes.io/instance': 'mesh' },
        managers: ['argocd-controller'],
      },
      'argocd',
      [
        'Argo CD application mesh: app.kubernetes.io/instance=mesh, field manager argocd-controller',
      ],
    ],
    [
      'Helm',
      {
        ...HELM_MARKS,
        labels: {
          ...HELM_MARKS.labels,
          'app.kubernetes.io/instance': 'istiod',
        },
      },
      'helm',
      [
        'Helm release istio-system/istiod: app.kubernetes.io/managed-by=Helm, meta.helm.sh/release-name=istiod, meta.helm.sh/release-namespace=istio-system',
      ],
    ],
    [
      'istioctl',
      { labels: ISTIOCTL_LABELS },
      'istioctl',
      ['Label install.operator.istio.io/owning-resource=installed-state'],
    ],
    [
      'nobody known',
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
      'unknown',
      [
        'Deployment shop/istiod carries no mark of Sail, OpenShift, AKS, Kyma, Flux, Argo CD, Helm or istioctl',
      ],
    ],
  ])(
    'tells that %s installed it, and the evidence',
    (_, options, method, evidence) => {
      const [{ view }] = controlPlanes(factsWith(istiod('istiod', options)));
      expect(view.install).toEqual({ method, evidence });
    },
  );

  it('takes the object of Kyma for evidence, but not against a mark that is more specific', () => {
    const facts = factsWith(istiod('istiod', { labels: ISTIOCTL_LABELS }));
    facts.kymaistios.upsert({
      metadata: { name: 'default', namespace: 'kyma-system' },
    });
    const [{ view }] = controlPlanes(facts);
    expect(view.install).toEqual({
      method: 'kyma',
      evidence: [
        'Istio kyma-system/default of group operator.kyma-project.io',
        'Label install.operator.istio.io/owning-resource=installed-state',
      ],
    });
    facts.deployments.upsert(istiod('istiod', OWNED_BY_SAIL));
    expect(controlPlanes(facts)[0].view.install.method).toBe('sail');
  });

  it('takes the mesh from the configuration, then the meshID of its revision, then the cluster', () => {
    const facts = factsWith(
      istiod('istiod'),
      istiod('istiod-canary', { labels: { 'istio.io/rev': 'canary' } }),
    );
    facts.configmaps.upsert(
      injectorConfigObject({
        namespace: 'shop',
        revision: 'canary',
        meshID: 'mesh-of-canary',
      }),
    );
    expect(controlPlanes(facts).map(({ meshId }) => meshId)).toEqual([
      'prod',
      'mesh-of-canary',
    ]);
    expect(
      controlPlanes(facts, [{ id: 'company', clusters: ['prod'] }]).map(
        ({ meshId }) => meshId,
      ),
    ).toEqual(['company', 'company']);
  });

  it('has no version for an image by digest unless istiod told it', () => {
    const facts = factsWith(
      istiod('istiod', {
        containers: [{ name: 'discovery', image: `${PILOT}@sha256:1` }],
      }),
    );
    const [{ view }] = controlPlanes(facts);
    expect(view.version).toBeUndefined();
    expect(view.image).toBe(`${PILOT}@sha256:1`);

    facts.enquired.set('shop/istiod', {
      istiod: { image: `${PILOT}@sha256:1`, problem: 'forbidden' },
    });
    expect(controlPlanes(facts)[0].view).toMatchObject({
      version: undefined,
      versionProblem: 'forbidden',
    });
    facts.enquired.set('shop/istiod', {
      istiod: { image: `${PILOT}@sha256:1`, version: '1.30.3' },
    });
    expect(controlPlanes(facts)[0].view.version).toBe('1.30.3');
    facts.enquired.set('shop/istiod', {
      istiod: { image: `${PILOT}@sha256:former`, version: '1.29.4' },
    });
    expect(controlPlanes(facts)[0].view.version).toBeUndefined();
  });
});
