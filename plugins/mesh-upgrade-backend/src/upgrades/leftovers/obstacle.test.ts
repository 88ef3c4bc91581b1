import type { KubernetesObject } from '../../clusters/types';
import { istiod, NAMESPACE } from './__testUtils__/world';
import { obstacleOf } from './obstacle';
import type { Candidate } from './types';

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
