import { acceptedVersions } from '../controlPlane/sailVersions';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  GATEWAY_CLASSES,
  GATEWAYS,
  HTTP_ROUTES,
  ISTIO_CONFIGURATION,
  qualifiedName,
  type Resource,
} from '../kubernetes/resources';
import {
  definitionOf,
  SAIL_KINDS,
  versionSchema,
  type DefinitionOptions,
} from '../operators/definitions';
import type { ClusterBlueprint } from './blueprint';
import type { Seeder } from './Seeder';

/** Versions that Istio's definitions serve besides the one they store. */
const FURTHER_VERSIONS: Record<string, string[]> = {
  'networking.istio.io/v1': ['v1beta1', 'v1alpha3'],
  'security.istio.io/v1': ['v1beta1'],
  'telemetry.istio.io/v1': ['v1alpha1'],
};

/** Installs the definitions of Sail's kinds, with the versions that the operator accepts. */
export function seedSailDefinitions(
  seeder: Seeder,
  family: 'native' | 'mspider',
) {
  const schema = versionSchema(acceptedVersions(family));
  SAIL_KINDS.forEach(resource => seedDefinition(seeder, resource, { schema }));
}

/** Installs the definitions of the kinds that users configure a mesh with. */
export function seedIstioDefinitions(
  seeder: Seeder,
  { mesh }: ClusterBlueprint,
) {
  const labels = {
    app: 'istio-pilot',
    'app.kubernetes.io/part-of': 'istio',
    'app.kubernetes.io/version': mesh.version,
    ...(mesh.install === 'helm' && { 'app.kubernetes.io/managed-by': 'Helm' }),
  };
  const annotations = {
    'helm.sh/resource-policy': 'keep',
    ...(mesh.install === 'helm' && {
      'meta.helm.sh/release-name': 'istio-base',
      'meta.helm.sh/release-namespace': 'istio-system',
    }),
  };
  ISTIO_CONFIGURATION.forEach(resource =>
    seedDefinition(seeder, resource, { labels, annotations }),
  );
}

/** Installs a release of the Gateway API and the classes that istiod adds to it. */
export function seedGatewayApi(seeder: Seeder, release: string) {
  const annotations = {
    'gateway.networking.k8s.io/bundle-version': release,
    'gateway.networking.k8s.io/channel': 'standard',
  };
  [GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES].forEach(resource =>
    seedDefinition(seeder, resource as Resource, { annotations }),
  );
  for (const [name, controllerName] of [
    ['istio', 'istio.io/gateway-controller'],
    ['istio-remote', 'istio.io/unmanaged-gateway'],
    ['istio-waypoint', 'istio.io/mesh-controller'],
  ]) {
    seeder.put(GATEWAY_CLASSES, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name },
      spec: { controllerName },
    });
  }
}

/** Installs the definition of a kind, unless it is there. */
export function seedDefinition(
  seeder: Seeder,
  resource: Resource,
  options: DefinitionOptions = {},
) {
  const { store } = seeder.cluster;
  const name = qualifiedName(resource);
  if (store.get(CUSTOM_RESOURCE_DEFINITIONS, undefined, name)) {
    return;
  }
  seeder.put(CUSTOM_RESOURCE_DEFINITIONS, {
    ...definitionOf(resource, {
      ...options,
      furtherVersions:
        FURTHER_VERSIONS[`${resource.group}/${resource.version}`],
    }),
    status: {
      storedVersions: [resource.version],
      conditions: [
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          lastTransitionTime: seeder.now,
        },
      ],
    },
  });
}
