import type { InstallEvidence } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesObject } from '../../clusters/types';

/**
 * Who installed an object. Sail is asked before Helm, because the Sail
 * operator installs through Helm and leaves Helm's marks too.
 */
export function detectInstallMethod(
  metadata: KubernetesObject['metadata'],
): InstallEvidence {
  const sail = sailEvidence(metadata);
  if (sail.length > 0) {
    return { method: 'sail', evidence: sail };
  }
  const helm = helmEvidence(metadata);
  if (helm.length > 0) {
    return { method: 'helm', evidence: helm };
  }
  return {
    method: 'unknown',
    evidence: [
      `Deployment ${metadata.namespace}/${metadata.name} carries no mark of the Sail operator or of Helm`,
    ],
  };
}

function sailEvidence({
  labels,
  ownerReferences,
}: KubernetesObject['metadata']): string[] {
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

/** The label alone proves nothing (any chart's author may write it); the release's name is needed too. */
function helmEvidence({
  labels,
  annotations,
}: KubernetesObject['metadata']): string[] {
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
