import type { KubernetesObject, ResourceType } from '../clusters/types';
import { ISTIOS, type Condition, type Istio } from './types';

export const ISTIO_REVISIONS: ResourceType = {
  ...ISTIOS,
  resource: 'istiorevisions',
};
export const ISTIO_REVISION_TAGS: ResourceType = {
  ...ISTIOS,
  resource: 'istiorevisiontags',
};

/** One control plane that the Sail operator keeps for an `Istio`. */
export interface IstioRevision extends KubernetesObject {
  spec?: { version?: string; namespace?: string };
  status?: { state?: string; conditions?: Condition[] };
}

/** A tag that the Sail operator keeps pointed at an `Istio` or an `IstioRevision`. */
export interface IstioRevisionTag extends KubernetesObject {
  spec?: { targetRef?: { kind: string; name: string } };
  status?: {
    /** Name of the `IstioRevision` it points at. */
    istioRevision?: string;
    state?: string;
    conditions?: Condition[];
  };
}

/** Name of the revision that an `Istio` with the strategy RevisionBased gets at a `spec.version`. */
export function revisionNameOf(istio: string, specVersion: string): string {
  return `${istio}-${specVersion.replaceAll('.', '-')}`;
}

/** True for names such as `v1.30-latest`, of which the operator decides the version. */
export function isVersionAlias(specVersion: string | undefined): boolean {
  return specVersion !== undefined && !/^v?\d+\.\d+\.\d+/.test(specVersion);
}

/** Name of the `IstioRevision` that a Deployment belongs to. */
export function istioRevisionOf(
  deployment: KubernetesObject,
): string | undefined {
  return deployment.metadata.ownerReferences?.find(
    ({ kind }) => kind === 'IstioRevision',
  )?.name;
}

/** The `Istio` behind istiod: Deployment → IstioRevision → Istio. */
export function istioBehind(
  deployment: KubernetesObject,
  { istios, revision }: { istios: Istio[]; revision: string },
): Istio | undefined {
  const wanted = istioRevisionOf(deployment) ?? revision;
  return istios.find(
    ({ metadata, status }) =>
      (status?.activeRevisionName ?? metadata.name) === wanted,
  );
}
