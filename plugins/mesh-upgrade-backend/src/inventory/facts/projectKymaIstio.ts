import type { KubernetesObject } from '../../clusters/types';
import type { KymaIstioFact } from './types';

/** That it is there tells who installs Istio. */
export function projectKymaIstio({
  metadata,
}: KubernetesObject): KymaIstioFact {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}
