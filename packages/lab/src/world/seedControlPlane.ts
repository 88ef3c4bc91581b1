import { controlPlaneEntries } from '../controlPlane/applyControlPlane';
import { encodeRelease } from '../controlPlane/helmRelease';
import { ISTIO_NAMESPACE } from '../controlPlane/names';
import { controlPlaneObjects } from '../controlPlane/objects';
import { newRelease } from '../controlPlane/releases';
import { acceptedVersions } from '../controlPlane/sailVersions';
import { injectorWebhooks } from '../controlPlane/webhooks';
import { budgetStatus } from '../controllers/disruptionBudget';
import { controllerReference } from '../controllers/ownership';
import { healthyStatus, sailValues } from '../controllers/sail';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  DEPLOYMENTS,
  ISTIO_REVISIONS,
  ISTIOS,
  MUTATING_WEBHOOKS,
  POD_DISRUPTION_BUDGETS,
  qualifiedName,
  RESOURCES,
  SECRETS,
  SERVICE_ACCOUNTS,
  type Resource,
} from '../kubernetes/resources';
import type {
  Deployment,
  Draft,
  IstioValues,
  OwnerReference,
} from '../kubernetes/types';
import type { ClusterBlueprint, MeshBlueprint } from './blueprint';
import type { Seeder } from './Seeder';
import { seedDeployment } from './seedWorkload';

/** How often each release was upgraded before the world begins. */
const EARLIER_RELEASES = ['1.28.6', '1.29.4', '1.30.2'];
const ISTIOD_REPLICAS = 2;

/** Installs the control plane of a cluster's mesh as its owner would have. */
export function seedControlPlane(
  seeder: Seeder,
  blueprint: ClusterBlueprint,
  registry: string,
) {
  const { mesh } = blueprint;
  const values = userValues(blueprint, registry);
  if (mesh.install === 'sail') {
    seedSail(seeder, mesh, values);
  } else {
    seedHelm(seeder, mesh, values, registry);
  }
  if (blueprint.tag) {
    seeder.put(
      MUTATING_WEBHOOKS,
      injectorWebhooks('default', { labels: {}, tag: blueprint.tag }),
    );
  }
}

/** The values that were given to the installation of a mesh. */
function userValues(
  { name, mesh }: ClusterBlueprint,
  registry: string,
): IstioValues {
  return {
    ...mesh.config,
    global: {
      // Who installs by Helm from the lab's registry gets the hub from the chart.
      ...(mesh.install === 'sail' && { hub: `${registry}/${mesh.hub}` }),
      meshID: mesh.id,
      network: `${name}-network`,
      multiCluster: { clusterName: name },
    },
  };
}

function seedSail(seeder: Seeder, mesh: MeshBlueprint, values: IstioValues) {
  seedDefinitions(seeder, mesh);
  const version = `v${mesh.version}`;
  const istio = seeder.put(ISTIOS, {
    apiVersion: 'sailoperator.io/v1',
    kind: 'Istio',
    metadata: { name: 'default' },
    spec: {
      version,
      namespace: ISTIO_NAMESPACE,
      updateStrategy: {
        type: 'InPlace',
        inactiveRevisionDeletionGracePeriodSeconds: 30,
      },
      values,
    },
    status: healthyStatus({
      generation: 1,
      now: seeder.now,
      activeRevision: 'default',
    }),
  });
  const revision = seeder.put(ISTIO_REVISIONS, {
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioRevision',
    metadata: {
      name: 'default',
      ownerReferences: [controllerReference(ISTIOS, istio)],
    },
    spec: { version, namespace: ISTIO_NAMESPACE, values },
    status: healthyStatus({ generation: 1, now: seeder.now }),
  });
  const full = sailValues(values, version);
  seedReleases(seeder, 'default-istiod', [mesh.version], full);
  seedObjects(seeder, {
    mesh,
    values: full,
    release: 'default-istiod',
    owner: controllerReference(ISTIO_REVISIONS, revision),
  });
}

function seedHelm(
  seeder: Seeder,
  mesh: MeshBlueprint,
  config: IstioValues,
  registry: string,
) {
  seedReleases(seeder, 'istio-base', EARLIER_RELEASES, {}, 'base');
  seedReleases(seeder, 'istiod', EARLIER_RELEASES, config);
  seedObjects(seeder, {
    mesh,
    values: {
      ...config,
      global: {
        hub: `${registry}/${mesh.hub}`,
        tag: mesh.version,
        istioNamespace: ISTIO_NAMESPACE,
        proxy: { image: 'proxyv2' },
        ...config.global,
      },
    },
    release: 'istiod',
  });
}

function seedReleases(
  seeder: Seeder,
  name: string,
  versions: string[],
  config: IstioValues,
  chart = 'istiod',
) {
  versions.forEach((version, index) => {
    const release = newRelease({
      name,
      namespace: ISTIO_NAMESPACE,
      chart,
      version,
      config,
      revision: index + 1,
      now: seeder.now,
    });
    const status = index === versions.length - 1 ? 'deployed' : 'superseded';
    seeder.put(
      SECRETS,
      encodeRelease({ ...release, info: { ...release.info, status } }),
    );
  });
}

function seedObjects(
  seeder: Seeder,
  plane: {
    mesh: MeshBlueprint;
    values: IstioValues;
    release: string;
    owner?: OwnerReference;
  },
) {
  const objects = controlPlaneObjects({
    revision: 'default',
    chartVersion: plane.mesh.version,
    values: plane.values,
    release: plane.release,
    replicas: ISTIOD_REPLICAS,
    owner: plane.owner,
  });
  seeder.put(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'istiod', namespace: ISTIO_NAMESPACE },
  });
  for (const [resource, draft] of controlPlaneEntries(objects)) {
    if (resource === (DEPLOYMENTS as Resource)) {
      seedDeployment(seeder, draft as Draft<Deployment>);
    } else {
      seeder.put(resource, draft);
    }
  }
  const budget = seeder.cluster.store.get(
    POD_DISRUPTION_BUDGETS,
    ISTIO_NAMESPACE,
    'istiod',
  )!;
  seeder.settle(POD_DISRUPTION_BUDGETS, budget, each => ({
    ...each,
    status: budgetStatus(seeder.cluster, each),
  }));
}

function seedDefinitions(seeder: Seeder, mesh: MeshBlueprint) {
  const versions = acceptedVersions(mesh.family);
  for (const resource of RESOURCES.filter(
    ({ group }) => group === ISTIOS.group,
  )) {
    seeder.put(CUSTOM_RESOURCE_DEFINITIONS, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: qualifiedName(resource) },
      spec: {
        group: resource.group,
        names: {
          plural: resource.plural,
          singular: resource.kind.toLowerCase(),
          kind: resource.kind,
          listKind: `${resource.kind}List`,
        },
        scope: 'Cluster',
        versions: [
          {
            name: resource.version,
            served: true,
            storage: true,
            subresources: { status: {} },
            schema: versionSchema(versions),
          },
        ],
      },
    });
  }
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
