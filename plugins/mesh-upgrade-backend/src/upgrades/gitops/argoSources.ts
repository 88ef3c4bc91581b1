import type { KubernetesClient, ResourceType } from '../../clusters/types';
import { listAll } from '../../clusters/listAll';
import { argoPins, type ArgoHelm } from './argoPins';
import { argoInstallation } from './installation';
import {
  keeperName,
  type FieldPath,
  type FoundSources,
  type OwnedObject,
  type SyncSettings,
  type VersionSource,
} from './VersionSource';

export const APPLICATIONS: ResourceType = {
  group: 'argoproj.io',
  version: 'v1alpha1',
  resource: 'applications',
};

interface ApplicationSource {
  /** Absent when the manifests are in Git. */
  chart?: string;
  targetRevision?: string;
  helm?: ArgoHelm;
}

interface Application extends OwnedObject {
  metadata: OwnedObject['metadata'] & {
    ownerReferences?: { kind: string; name: string }[];
  };
  spec: {
    destination?: { server?: string; name?: string };
    source?: ApplicationSource;
    sources?: ApplicationSource[];
    syncPolicy?: SyncSettings & { automated?: { enabled?: boolean } };
  };
}

/** Where Argo CD keeps the versions of charts: in Applications; nothing of one that takes its manifests from Git. */
export async function argoSources(
  client: KubernetesClient,
  options: { name: string; signal: AbortSignal },
): Promise<FoundSources> {
  const { name, signal } = options;
  const applications = (await client.serves(APPLICATIONS, { signal }))
    ? await listAll<Application>(client, APPLICATIONS, { signal })
    : [];
  // The name of one that is not in Argo's own namespace is told as namespace_name.
  const own = applications.find(({ metadata }) =>
    [metadata.name, `${metadata.namespace}_${metadata.name}`].includes(name),
  );
  if (!own) {
    return { own: [], around: [] };
  }
  const around = applications.filter(
    ({ metadata, spec }) =>
      metadata.namespace === own.metadata.namespace &&
      // One Argo CD may install the charts in many clusters.
      spec.destination?.server === own.spec.destination?.server &&
      spec.destination?.name === own.spec.destination?.name,
  );
  return { own: sourcesOf(own), around: around.flatMap(sourcesOf) };
}

function sourcesOf(application: Application): VersionSource[] {
  const { metadata, spec } = application;
  const namespace = metadata.namespace!;
  const ref = { ...APPLICATIONS, namespace, name: metadata.name };
  const { automated, syncOptions, retry } = spec.syncPolicy ?? {};
  const syncsItself = automated && automated.enabled !== false;
  const places: [FieldPath, ApplicationSource][] = spec.sources
    ? spec.sources.map((source, index) => [['spec', 'sources', index], source])
    : [[['spec', 'source'], spec.source ?? {}]];
  return places
    .filter(([, { chart }]) => chart)
    .map(([path, { chart, targetRevision, helm }]) => ({
      // In a registry it may be a path, such as istio/istiod.
      chart: chart!.split('/').at(-1)!,
      title: `Application ${namespace}/${metadata.name}`,
      ref,
      path: [...path, 'targetRevision'],
      value: targetRevision,
      keeper: keeperOf(application),
      status: ref,
      installed: isInstalled(application, targetRevision),
      pins: argoPins(helm),
      sync: syncsItself ? undefined : { syncOptions, retry },
    }));
}

function isInstalled(application: Application, version?: string): boolean {
  return (
    version !== undefined &&
    argoInstallation(application, version).state === 'installed'
  );
}

/** Who would put a changed version back: a parent Application, or the ApplicationSet whose template this one comes from. */
function keeperOf({ metadata }: Application): string | undefined {
  const set = metadata.ownerReferences?.find(
    ({ kind }) => kind === 'ApplicationSet',
  );
  return set
    ? `Argo CD ApplicationSet ${metadata.namespace}/${set.name}`
    : keeperName(metadata);
}
