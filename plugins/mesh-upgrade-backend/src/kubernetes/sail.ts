import type { KubernetesObject } from '../clusters/types';
import type { Istio } from './types';

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
