import type { GitOpsOwner } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesObject } from '../clusters/types';
import { RELEASE_NAME, RELEASE_NAMESPACE } from '../helm/releaseMarks';

/** The part of an object that tells who keeps it. */
export type OwnedMetadata = KubernetesObject['metadata'] & {
  managedFields?: { manager?: string }[];
};

const FLUX_RELEASE = 'helm.toolkit.fluxcd.io';
const FLUX_KUSTOMIZATION = 'kustomize.toolkit.fluxcd.io';
const ARGO_TRACKING = 'argocd.argoproj.io/tracking-id';
const ARGO_INSTANCE = 'argocd.argoproj.io/instance';
const COMMON_INSTANCE = 'app.kubernetes.io/instance';
const MANAGED_BY = 'app.kubernetes.io/managed-by';

const TOOLS: Record<GitOpsOwner['tool'], string> = {
  flux: 'Flux',
  argocd: 'Argo CD',
  helm: 'Helm',
};

/**
 * Who keeps an object's definition; undefined when nobody shows. A release of
 * Flux or Argo CD may leave Helm's marks too, so these are asked last.
 */
export function gitOpsOwner(metadata: OwnedMetadata): GitOpsOwner | undefined {
  return fluxOwner(metadata) ?? argoOwner(metadata) ?? helmOwner(metadata);
}

/** Who would undo a change made to the object itself: Helm alone undoes nothing. */
export function keeperInGit(metadata: OwnedMetadata): GitOpsOwner | undefined {
  const owner = gitOpsOwner(metadata);
  return owner?.tool === 'helm' ? undefined : owner;
}

/** e.g. `Flux Kustomization flux-system/apps`. */
export function nameOfOwner({
  tool,
  kind,
  namespace,
  name,
}: GitOpsOwner): string {
  const place = namespace ? `${namespace}/${name}` : name;
  return [TOOLS[tool], kind, place].filter(Boolean).join(' ');
}

function fluxOwner({ labels = {} }: OwnedMetadata): GitOpsOwner | undefined {
  const group = [FLUX_RELEASE, FLUX_KUSTOMIZATION].find(
    prefix => labels[`${prefix}/name`],
  );
  return group === undefined
    ? undefined
    : {
        tool: 'flux',
        kind: group === FLUX_RELEASE ? 'HelmRelease' : 'Kustomization',
        name: labels[`${group}/name`],
        namespace: labels[`${group}/namespace`],
        evidence: marks(labels, `${group}/name`, `${group}/namespace`),
      };
}

function argoOwner({
  labels = {},
  annotations = {},
  managedFields = [],
}: OwnedMetadata): GitOpsOwner | undefined {
  const tracking = annotations[ARGO_TRACKING];
  if (tracking) {
    return {
      tool: 'argocd',
      kind: 'application',
      name: tracking.split(':')[0],
      evidence: marks(annotations, ARGO_TRACKING),
    };
  }
  if (labels[ARGO_INSTANCE]) {
    return {
      tool: 'argocd',
      kind: 'application',
      name: labels[ARGO_INSTANCE],
      evidence: marks(labels, ARGO_INSTANCE),
    };
  }
  // Many tools set this label; only together with Argo's own writes it tells something.
  const writer = managedFields.find(({ manager }) =>
    manager?.startsWith('argocd'),
  )?.manager;
  return writer && labels[COMMON_INSTANCE]
    ? {
        tool: 'argocd',
        kind: 'application',
        name: labels[COMMON_INSTANCE],
        evidence: [
          ...marks(labels, COMMON_INSTANCE),
          `field manager ${writer}`,
        ],
      }
    : undefined;
}

function helmOwner({
  labels = {},
  annotations = {},
}: OwnedMetadata): GitOpsOwner | undefined {
  return labels[MANAGED_BY] === 'Helm' && annotations[RELEASE_NAME]
    ? {
        tool: 'helm',
        kind: 'release',
        name: annotations[RELEASE_NAME],
        namespace: annotations[RELEASE_NAMESPACE],
        evidence: [
          ...marks(labels, MANAGED_BY),
          ...marks(annotations, RELEASE_NAME, RELEASE_NAMESPACE),
        ],
      }
    : undefined;
}

function marks(values: Record<string, string>, ...keys: string[]): string[] {
  return keys
    .filter(key => values[key] !== undefined)
    .map(key => `${key}=${values[key]}`);
}
