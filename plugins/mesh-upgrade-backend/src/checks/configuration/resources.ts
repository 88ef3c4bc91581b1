import type {
  MutatingWebhook,
  ValidatingWebhook,
} from 'kubernetes-types/admissionregistration/v1';
import type { DeploymentSpec } from 'kubernetes-types/apps/v1';
import type { KubernetesObject, ResourceType } from '../../clusters/types';

export { DAEMON_SETS, DEPLOYMENTS, NAMESPACES } from '../../kubernetes/types';

export const CUSTOM_RESOURCE_DEFINITIONS: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
};

export const MUTATING_WEBHOOKS: ResourceType = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  resource: 'mutatingwebhookconfigurations',
};

export const VALIDATING_WEBHOOKS: ResourceType = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  resource: 'validatingwebhookconfigurations',
};

export const SERVICES = core('services');
export const CONFIG_MAPS = core('configmaps');

export const STATEFUL_SETS: ResourceType = {
  group: 'apps',
  version: 'v1',
  resource: 'statefulsets',
};

export const ENVOY_FILTERS = networking('envoyfilters', 'v1alpha3');
export const VIRTUAL_SERVICES = networking('virtualservices', 'v1');
export const DESTINATION_RULES = networking('destinationrules', 'v1');
export const SIDECARS = networking('sidecars', 'v1');
export const SERVICE_ENTRIES = networking('serviceentries', 'v1');
export const WORKLOAD_ENTRIES = networking('workloadentries', 'v1');
export const ISTIO_GATEWAYS = networking('gateways', 'v1');

export const AUTHORIZATION_POLICIES: ResourceType = {
  group: 'security.istio.io',
  version: 'v1',
  resource: 'authorizationpolicies',
};

export const TELEMETRIES: ResourceType = {
  group: 'telemetry.istio.io',
  version: 'v1',
  resource: 'telemetries',
};

/** Every istiod, whatever its revision. */
export const ISTIOD_SELECTOR = 'app=istiod';

export interface CustomResourceDefinition extends KubernetesObject {
  spec: {
    group: string;
    names: { plural: string; kind: string };
    versions: { name: string; served: boolean; storage: boolean }[];
  };
  status?: { storedVersions?: string[] };
}

export interface MutatingWebhookConfiguration extends KubernetesObject {
  webhooks?: MutatingWebhook[];
}

export interface ValidatingWebhookConfiguration extends KubernetesObject {
  webhooks?: ValidatingWebhook[];
}

/** Deployments, StatefulSets and DaemonSets alike. */
export interface TemplatedWorkload extends KubernetesObject {
  spec?: Pick<DeploymentSpec, 'template'>;
}

export interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
}

function core(resource: string): ResourceType {
  return { group: '', version: 'v1', resource };
}

function networking(resource: string, version: string): ResourceType {
  return { group: 'networking.istio.io', version, resource };
}
