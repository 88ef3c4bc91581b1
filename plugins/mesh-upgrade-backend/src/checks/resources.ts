import type { ResourceType } from '../clusters/types';

export {
  CONFIG_MAPS,
  DAEMON_SETS,
  DEPLOYMENTS,
  ENVOY_FILTERS,
  ISTIOD_SELECTOR,
  MUTATING_WEBHOOKS,
  NAMESPACES,
} from './configuration/resources';

/** Kinds that checks list besides those of configuration, once per cluster and report. */
function resource(group: string, plural: string, version = 'v1'): ResourceType {
  return { group, version, resource: plural };
}

export const NODES = resource('', 'nodes');
export const PODS = resource('', 'pods');
export const RESOURCE_QUOTAS = resource('', 'resourcequotas');
export const VOLUME_CLAIMS = resource('', 'persistentvolumeclaims');
export const POD_DISRUPTION_BUDGETS = resource(
  'policy',
  'poddisruptionbudgets',
);
export const POD_AUTOSCALERS = resource(
  'autoscaling',
  'horizontalpodautoscalers',
  'v2',
);
export const VERTICAL_AUTOSCALERS = resource(
  'autoscaling.k8s.io',
  'verticalpodautoscalers',
);
export const ENDPOINT_SLICES = resource('discovery.k8s.io', 'endpointslices');
