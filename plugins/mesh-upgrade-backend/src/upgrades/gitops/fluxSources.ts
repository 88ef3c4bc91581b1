import type { KubernetesClient, ResourceType } from '../../clusters/types';
import { listAll } from '../../clusters/listAll';
import { pinnedTags } from '../../helm/pinnedTags';
import { fluxInstallation } from './installation';
import {
  fieldAt,
  keeperName,
  type FoundSources,
  type OwnedObject,
  type VersionSource,
} from './VersionSource';

export const HELM_RELEASES: ResourceType = {
  group: 'helm.toolkit.fluxcd.io',
  version: 'v2',
  resource: 'helmreleases',
};
const OCI_REPOSITORIES: ResourceType[] = ['v1', 'v1beta2'].map(version => ({
  group: 'source.toolkit.fluxcd.io',
  version,
  resource: 'ocirepositories',
}));

interface HelmRelease extends OwnedObject {
  spec: {
    chart?: { spec: { chart: string; version?: string } };
    chartRef?: { kind: string; name: string; namespace?: string };
    values?: unknown;
  };
}

interface OciRepository extends OwnedObject {
  spec: { url: string; ref?: { tag?: string; semver?: string } };
}

/** Where Flux keeps the versions of charts: in the HelmReleases, or in the OCIRepositories they refer to. */
export async function fluxSources(
  client: KubernetesClient,
  options: { namespace: string; name: string; signal: AbortSignal },
): Promise<FoundSources> {
  const { namespace, name, signal } = options;
  const releases = (await client.serves(HELM_RELEASES, { signal }))
    ? await listAll<HelmRelease>(client, HELM_RELEASES, { namespace, signal })
    : [];
  const sources = await Promise.all(
    releases.map(release => sourceOf(client, release, signal)),
  );
  const around = sources.filter(source => source !== undefined);
  return { own: around.filter(({ status }) => status.name === name), around };
}

async function sourceOf(
  client: KubernetesClient,
  release: HelmRelease,
  signal: AbortSignal,
): Promise<VersionSource | undefined> {
  const { metadata, spec } = release;
  const namespace = metadata.namespace!;
  const status = { ...HELM_RELEASES, namespace, name: metadata.name };
  const pins = pinnedTags(spec.values);
  if (spec.chart) {
    return {
      chart: spec.chart.spec.chart,
      title: `HelmRelease ${namespace}/${metadata.name}`,
      ref: status,
      path: ['spec', 'chart', 'spec', 'version'],
      value: spec.chart.spec.version,
      keeper: keeperName(metadata),
      status,
      installed: isInstalled(release, spec.chart.spec.version),
      pins,
    };
  }
  if (spec.chartRef?.kind !== 'OCIRepository') {
    return undefined;
  }
  const place = {
    namespace: spec.chartRef.namespace ?? namespace,
    name: spec.chartRef.name,
  };
  const resource = await served(client, OCI_REPOSITORIES, signal);
  if (!resource) {
    return undefined;
  }
  const ref = { ...resource, ...place };
  const repository = await client.get<OciRepository>(ref, { signal });
  const field = repository.spec.ref?.semver === undefined ? 'tag' : 'semver';
  const path = ['spec', 'ref', field];
  const value = fieldAt(repository, path) as string | undefined;
  return {
    chart: repository.spec.url.replace(/\/+$/, '').split('/').at(-1)!,
    title: `OCIRepository ${place.namespace}/${place.name}`,
    ref,
    path,
    value,
    keeper: keeperName(repository.metadata),
    status,
    installed: isInstalled(release, value),
    pins,
  };
}

function isInstalled(release: HelmRelease, version?: string): boolean {
  return (
    version !== undefined &&
    fluxInstallation(release, version).state === 'installed'
  );
}

async function served(
  client: KubernetesClient,
  resources: ResourceType[],
  signal: AbortSignal,
): Promise<ResourceType | undefined> {
  for (const resource of resources) {
    if (await client.serves(resource, { signal })) {
      return resource;
    }
  }
  return undefined;
}
