import type { ResourceType } from '../../clusters/types';
import type { FactResource } from '../facts/ClusterFacts';

/** How one resource is asked for. */
export interface CollectedResource extends ResourceType {
  labelSelector?: string;
  /** Clusters need not serve it. */
  optional?: boolean;
}

/** What is listed and watched on every cluster. */
export const COLLECTED_RESOURCES: Record<FactResource, CollectedResource> = {
  namespaces: { group: '', version: 'v1', resource: 'namespaces' },
  pods: { group: '', version: 'v1', resource: 'pods' },
  deployments: { group: 'apps', version: 'v1', resource: 'deployments' },
  statefulsets: { group: 'apps', version: 'v1', resource: 'statefulsets' },
  daemonsets: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  replicasets: { group: 'apps', version: 'v1', resource: 'replicasets' },
  configmaps: {
    group: '',
    version: 'v1',
    resource: 'configmaps',
    // Names cannot be selected by prefix; Istio labels its own configuration, and nothing else has the label.
    labelSelector: 'istio.io/rev',
  },
  mutatingwebhookconfigurations: {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    resource: 'mutatingwebhookconfigurations',
  },
  istios: {
    group: 'sailoperator.io',
    version: 'v1',
    resource: 'istios',
    optional: true,
  },
};

export const FACT_RESOURCES = Object.keys(
  COLLECTED_RESOURCES,
) as FactResource[];
