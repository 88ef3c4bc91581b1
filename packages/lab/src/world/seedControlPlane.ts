import { ISTIO_NAMESPACE } from '../controlPlane/names';
import { injectorWebhooks } from '../controlPlane/webhooks';
import { MUTATING_WEBHOOKS } from '../kubernetes/resources';
import type { IstioValues } from '../kubernetes/types';
import { findManifest } from '../registry/manifests';
import type {
  CanaryBlueprint,
  ClusterBlueprint,
  MeshBlueprint,
} from './blueprint';
import type { Seeder } from './Seeder';
import { seedArgoCd, seedFlux } from './seedGitOps';
import { seedExternal } from './seedExternal';
import {
  EARLIER_RELEASES,
  seedObjects,
  seedReleases,
} from './seedInstallation';
import { seedSail, seedSailTags } from './seedSail';

/** Who installs charts from the lab's registry. */
const FROM_CHARTS = ['helm', 'flux', 'argocd'];

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
      seedSailTags(seeder, blueprint);
      return;
    case 'flux':
      seedFlux(seeder, mesh, { values, registry });
      break;
    case 'argocd':
      seedArgoCd(seeder, mesh, { values, registry });
      break;
    case 'external':
      seedExternal(seeder, blueprint, values);
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
      // Charts from the lab's registry bring their hub along.
      ...(!FROM_CHARTS.includes(mesh.install) && {
        hub: `${registry}/${mesh.hub}`,
      }),
      meshID: mesh.id,
      network: `${name}-network`,
      multiCluster: { clusterName: name },
    },
  };
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
