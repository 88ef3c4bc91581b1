import type { ResourceType } from '../../clusters/types';

/** Kinds that the checks of workloads list, once per cluster and report. */
function resource(group: string, plural: string, version = 'v1'): ResourceType {
  return { group, version, resource: plural };
}

export const CONFIG_MAPS = resource('', 'configmaps');
export const NAMESPACES = resource('', 'namespaces');
export const NODES = resource('', 'nodes');
export const PODS = resource('', 'pods');
export const RESOURCE_QUOTAS = resource('', 'resourcequotas');
export const VOLUME_CLAIMS = resource('', 'persistentvolumeclaims');
export const DEPLOYMENTS = resource('apps', 'deployments');
export const DAEMON_SETS = resource('apps', 'daemonsets');
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
export const MUTATING_WEBHOOKS = resource(
  'admissionregistration.k8s.io',
  'mutatingwebhookconfigurations',
);
export const ENVOY_FILTERS = resource(
  'networking.istio.io',
  'envoyfilters',
  'v1alpha3',
);
