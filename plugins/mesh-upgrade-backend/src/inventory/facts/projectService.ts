import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { KubernetesObject } from '../../clusters/types';
import type { ServiceFact } from './types';

/** Of a Service, what is read here. */
export type RawService = KubernetesObject & {
  spec?: Pick<ServiceSpec, 'selector' | 'type'>;
};

/** Undefined for one that selects no pods: without a selector, or a name of something outside. */
export function projectService({
  metadata,
  spec,
}: RawService): ServiceFact | undefined {
  const selector = spec?.selector ?? {};
  return spec?.type === 'ExternalName' || Object.keys(selector).length === 0
    ? undefined
    : { namespace: metadata.namespace ?? '', name: metadata.name, selector };
}
