import type {
  InstallEvidence,
  InstallMethod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesObject } from '../../clusters/types';

type Metadata = KubernetesObject['metadata'] & {
  managedFields?: { manager?: string }[];
};

/**
 * Marks of every installer, from the most specific to the most general: Sail,
 * Flux, Azure and Kyma install through Helm or istioctl and leave their marks
 * too.
 */
const DETECTORS: [
  InstallMethod,
  (metadata: Metadata, image: string) => string[],
][] = [
  ['openshift', openShiftEvidence],
  ['sail', sailEvidence],
  ['aks', aksEvidence],
  ['kyma', kymaEvidence],
  ['flux', fluxEvidence],
  ['argocd', argoEvidence],
  ['helm', helmEvidence],
  ['istioctl', istioctlEvidence],
];

/** Who installed an istiod, by the marks on its Deployment. */
export function detectInstallMethod(
  metadata: Metadata,
  image: string,
): InstallEvidence {
  for (const [method, evidenceOf] of DETECTORS) {
    const evidence = evidenceOf(metadata, image);
    if (evidence.length > 0) {
      return { method, evidence };
    }
  }
  return {
    method: 'unknown',
    evidence: [
      `Deployment ${metadata.namespace}/${metadata.name} carries no mark of Sail, OpenShift, AKS, Kyma, Flux, Argo CD, Helm or istioctl`,
    ],
  };
}

/** Service Mesh 3 is the Sail operator with images of Red Hat's own. */
function openShiftEvidence(metadata: Metadata, image: string): string[] {
  const sail = sailEvidence(metadata);
  return sail.length > 0 && image.includes('/openshift-service-mesh')
    ? [...sail, `Image of OpenShift Service Mesh: ${image}`]
    : [];
}

function sailEvidence({ labels, ownerReferences }: Metadata): string[] {
  const evidence: string[] = [];
  if (labels?.['managed-by'] === 'sail-operator') {
    evidence.push('Label managed-by=sail-operator');
  }
  const owner = ownerReferences?.find(
    reference => reference.kind === 'IstioRevision',
  );
  if (owner) {
    evidence.push(`Owned by IstioRevision ${owner.name}`);
  }
  return evidence;
}

function aksEvidence({ namespace }: Metadata): string[] {
  return namespace === 'aks-istio-system'
    ? ['Namespace aks-istio-system belongs to the Istio add-on of AKS']
    : [];
}

function kymaEvidence({ labels }: Metadata): string[] {
  return labels?.['kyma-project.io/module'] === 'istio'
    ? ['Label kyma-project.io/module=istio']
    : [];
}

function fluxEvidence({ labels = {} }: Metadata): string[] {
  return ['helm', 'kustomize'].flatMap(tool => {
    const name = labels[`${tool}.toolkit.fluxcd.io/name`];
    const namespace = labels[`${tool}.toolkit.fluxcd.io/namespace`];
    const kind = tool === 'helm' ? 'HelmRelease' : 'Kustomization';
    return name
      ? [`Flux ${kind} ${namespace ? `${namespace}/` : ''}${name}`]
      : [];
  });
}

/** Other tools set the label `app.kubernetes.io/instance` too: it needs Argo CD among those who wrote the object. */
function argoEvidence({
  labels = {},
  annotations = {},
  managedFields = [],
}: Metadata): string[] {
  const tracked = annotations['argocd.argoproj.io/tracking-id'];
  if (tracked) {
    return [`Argo CD application ${tracked.split(':')[0]} (tracking id)`];
  }
  const own = labels['argocd.argoproj.io/instance'];
  if (own) {
    return [`Argo CD application ${own} (label argocd.argoproj.io/instance)`];
  }
  const instance = labels['app.kubernetes.io/instance'];
  const manager = managedFields.find(({ manager: name }) =>
    name?.startsWith('argocd'),
  )?.manager;
  return instance && manager
    ? [
        `Argo CD application ${instance} (label app.kubernetes.io/instance, fields managed by ${manager})`,
      ]
    : [];
}

/** The label alone proves nothing (any chart's author may write it); the release's name is needed too. */
function helmEvidence({ labels, annotations }: Metadata): string[] {
  const release = annotations?.['meta.helm.sh/release-name'];
  if (labels?.['app.kubernetes.io/managed-by'] !== 'Helm' || !release) {
    return [];
  }
  const namespace = annotations?.['meta.helm.sh/release-namespace'];
  return [
    'Label app.kubernetes.io/managed-by=Helm',
    `Helm release ${namespace ? `${namespace}/` : ''}${release}`,
  ];
}

function istioctlEvidence({ labels }: Metadata): string[] {
  const owner = labels?.['install.operator.istio.io/owning-resource'];
  return owner === undefined
    ? []
    : [`Label install.operator.istio.io/owning-resource=${owner}`];
}
