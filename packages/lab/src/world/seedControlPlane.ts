import { controlPlaneEntries } from '../controlPlane/applyControlPlane';
import { encodeRelease } from '../controlPlane/helmRelease';
import { ISTIO_NAMESPACE, istiodName } from '../controlPlane/names';
import { controlPlaneObjects } from '../controlPlane/objects';
import { newRelease } from '../controlPlane/releases';
import { injectorWebhooks } from '../controlPlane/webhooks';
import { budgetStatus } from '../controllers/disruptionBudget';
import { controllerReference } from '../controllers/ownership';
import { healthyStatus, sailValues } from '../controllers/sail';
import {
  DEPLOYMENTS,
  ISTIO_REVISIONS,
  ISTIOS,
  MUTATING_WEBHOOKS,
  POD_AUTOSCALERS,
  POD_DISRUPTION_BUDGETS,
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
import { findManifest } from '../registry/manifests';
import type {
  CanaryBlueprint,
  ClusterBlueprint,
  MeshBlueprint,
} from './blueprint';
import type { Seeder } from './Seeder';
import { seedSailDefinitions } from './seedDefinitions';
import { seedDeployment } from './seedWorkload';

/** How often each release was upgraded before the world begins. */
const EARLIER_RELEASES = ['1.28.6', '1.29.4', '1.30.2'];
const ISTIOD_REPLICAS = 2;

/** Installs the control planes of a cluster's mesh as their owner would have. */
export function seedControlPlane(
  seeder: Seeder,
  blueprint: ClusterBlueprint,
  registry: string,
) {
  const { mesh, canary, tags = {} } = blueprint;
  const values = userValues(blueprint, registry);
  switch (mesh.install) {
    case 'sail':
      seedSail(seeder, mesh, values);
      break;
    case 'helm':
      seedHelm(seeder, mesh, values, registry);
      break;
    default:
      seedIstioctl(seeder, mesh, values);
      if (canary) {
        seedIstioctl(seeder, mesh, values, canary);
      }
  }
  for (const [tag, revision] of Object.entries(tags)) {
    seeder.put(
      MUTATING_WEBHOOKS,
      injectorWebhooks(revision, { labels: {}, tag }),
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
      ...(mesh.install !== 'helm' && { hub: `${registry}/${mesh.hub}` }),
      meshID: mesh.id,
      network: `${name}-network`,
      multiCluster: { clusterName: name },
    },
  };
}

function seedSail(seeder: Seeder, mesh: MeshBlueprint, values: IstioValues) {
  seedSailDefinitions(seeder, mesh.family);
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

/** The default control plane of a mesh, or a canary beside it. */
function seedIstioctl(
  seeder: Seeder,
  mesh: MeshBlueprint,
  config: IstioValues,
  canary?: CanaryBlueprint,
) {
  const version = canary?.version ?? mesh.version;
  const { hub } = config.global ?? {};
  const image =
    canary?.digestOnly && findManifest(`${mesh.hub}/pilot`, version);
  seedObjects(seeder, {
    mesh: { ...mesh, version },
    values: {
      ...config,
      global: {
        tag: version,
        istioNamespace: ISTIO_NAMESPACE,
        proxy: { image: 'proxyv2' },
        ...config.global,
      },
    },
    release: 'istio',
    installer: 'istioctl',
    ...(canary && { revision: canary.revision }),
    ...(image && { image: `${hub}/pilot@${image.digest}` }),
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
    installer?: 'istioctl';
    revision?: string;
    image?: string;
  },
) {
  const { mesh, revision = 'default', ...rest } = plane;
  const objects = controlPlaneObjects({
    ...rest,
    revision,
    chartVersion: mesh.version,
    replicas: mesh.istiodReplicas ?? ISTIOD_REPLICAS,
  });
  seeder.put(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: istiodName(revision), namespace: ISTIO_NAMESPACE },
  });
  for (const [resource, draft] of controlPlaneEntries(objects)) {
    if (resource === (DEPLOYMENTS as Resource)) {
      seedDeployment(seeder, draft as Draft<Deployment>);
    } else {
      seeder.put(resource, draft);
    }
  }
  settleAutoscaler(seeder, istiodName(revision));
  const budget = seeder.cluster.store.get(
    POD_DISRUPTION_BUDGETS,
    ISTIO_NAMESPACE,
    istiodName(revision),
  )!;
  seeder.settle(POD_DISRUPTION_BUDGETS, budget, each => ({
    ...each,
    status: budgetStatus(seeder.cluster, each),
  }));
}

function settleAutoscaler(seeder: Seeder, name: string) {
  const autoscaler = seeder.cluster.store.get(
    POD_AUTOSCALERS,
    ISTIO_NAMESPACE,
    name,
  );
  if (autoscaler) {
    const replicas = autoscaler.spec.minReplicas;
    seeder.settle(POD_AUTOSCALERS, autoscaler, each => ({
      ...each,
      status: { currentReplicas: replicas, desiredReplicas: replicas },
    }));
  }
}
