import { acceptedVersions } from '../controlPlane/sailVersions';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  GATEWAY_CLASSES,
  GATEWAYS,
  HTTP_ROUTES,
  ISTIO_CONFIGURATION,
  ISTIOS,
  qualifiedName,
  RESOURCES,
  type Resource,
} from '../kubernetes/resources';
import type { StringMap } from '../kubernetes/types';
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
  RESOURCES.filter(({ group }) => group === ISTIOS.group).forEach(resource =>
    seedDefinition(seeder, resource, { schema }),
  );
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
  options: {
    labels?: StringMap;
    annotations?: StringMap;
    schema?: unknown;
  } = {},
) {
  const name = qualifiedName(resource);
  const { store } = seeder.cluster;
  if (store.get(CUSTOM_RESOURCE_DEFINITIONS, undefined, name)) {
    return;
  }
  const { group, version, plural, kind, namespaced, shortNames } = resource;
  const { labels, annotations, schema } = options;
  const further = FURTHER_VERSIONS[`${group}/${version}`] ?? [];
  seeder.put(CUSTOM_RESOURCE_DEFINITIONS, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    spec: {
      group,
      names: {
        plural,
        singular: kind.toLowerCase(),
        kind,
        listKind: `${kind}List`,
        ...(shortNames.length && { shortNames: [...shortNames] }),
      },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: [version, ...further].map(each => ({
        name: each,
        served: true,
        storage: each === version,
        subresources: { status: {} },
        schema: schema ?? {
          openAPIV3Schema: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
          },
        },
      })),
    },
    status: {
      storedVersions: [version],
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

function versionSchema(versions: string[]) {
  return {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { version: { type: 'string', enum: versions } },
        },
      },
    },
  };
}
