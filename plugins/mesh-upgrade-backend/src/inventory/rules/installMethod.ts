import type {
  GitOpsOwner,
  InstallEvidence,
  InstallMethod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { gitOpsOwner, nameOfOwner } from '../../gitops/gitOpsOwner';
import type { OwnedMetadata as Metadata } from '../../gitops/gitOpsOwner';

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
  ['flux', evidenceOf('flux')],
  ['argocd', evidenceOf('argocd')],
  ['helm', evidenceOf('helm')],
  ['istioctl', istioctlEvidence],
];

/** Who installed an istiod, by the marks on its Deployment. */
export function detectInstallMethod(
  metadata: Metadata,
  image: string,
): InstallEvidence {
  for (const [method, evidenceFrom] of DETECTORS) {
    const evidence = evidenceFrom(metadata, image);
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

function evidenceOf(tool: GitOpsOwner['tool']) {
  return (metadata: Metadata): string[] => {
    const owner = gitOpsOwner(metadata);
    return owner?.tool === tool
      ? [`${nameOfOwner(owner)}: ${owner.evidence.join(', ')}`]
      : [];
  };
}

function istioctlEvidence({ labels }: Metadata): string[] {
  const owner = labels?.['install.operator.istio.io/owning-resource'];
  return owner === undefined
    ? []
    : [`Label install.operator.istio.io/owning-resource=${owner}`];
}
