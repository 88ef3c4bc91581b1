import type { KubernetesClient, ResourceType } from '../../clusters/types';
import { listAll } from '../../clusters/listAll';
import { keeperInGit } from '../../gitops/gitOpsOwner';
import { pinnedTags } from '../../helm/pinnedTags';
import type { FieldPath, OwnedObject, VersionSource } from './VersionSource';

export const APPLICATIONS: ResourceType = {
  group: 'argoproj.io',
  version: 'v1alpha1',
  resource: 'applications',
};

interface ApplicationSource {
  /** Absent when the manifests are in Git. */
  chart?: string;
  targetRevision?: string;
  helm?: { valuesObject?: unknown };
}

interface Application extends OwnedObject {
  spec: {
    source?: ApplicationSource;
    sources?: ApplicationSource[];
    syncPolicy?: { automated?: { enabled?: boolean } };
  };
}

const ISTIO_CHARTS = ['base', 'istiod'];

/**
 * Where Argo CD keeps the versions of `base` and of the chart with istiod: in
 * Applications whose sources are charts. Empty when the Application is in
 * another cluster or takes its manifests from Git.
 */
export async function argoSources(
  client: KubernetesClient,
  options: { name: string; signal: AbortSignal },
): Promise<VersionSource[]> {
  const { name, signal } = options;
  if (!(await client.serves(APPLICATIONS, { signal }))) {
    return [];
  }
  const applications = await listAll<Application>(client, APPLICATIONS, {
    signal,
  });
  // The name of one that is not in Argo's own namespace is told as namespace_name.
  const own = applications.find(({ metadata }) =>
    [metadata.name, `${metadata.namespace}_${metadata.name}`].includes(name),
  );
  const istiod = own && sourcesOf(own).find(({ chart }) => chart === 'istiod');
  if (!istiod) {
    return [];
  }
  const base = applications
    .filter(({ metadata }) => metadata.namespace === own.metadata.namespace)
    .flatMap(sourcesOf)
    .find(({ chart }) => chart === 'base');
  return base ? [base, istiod] : [istiod];
}

function sourcesOf(application: Application): VersionSource[] {
  const { metadata, spec } = application;
  const namespace = metadata.namespace!;
  const ref = { ...APPLICATIONS, namespace, name: metadata.name };
  const { automated } = spec.syncPolicy ?? {};
  const places: [FieldPath, ApplicationSource][] = spec.sources
    ? spec.sources.map((source, index) => [['spec', 'sources', index], source])
    : [[['spec', 'source'], spec.source ?? {}]];
  return places
    .filter(([, { chart }]) => chart && ISTIO_CHARTS.includes(chart))
    .map(([path, { chart, targetRevision, helm }]) => ({
      chart: chart!,
      title: `Application ${namespace}/${metadata.name}`,
      ref,
      path: [...path, 'targetRevision'],
      value: targetRevision,
      keeper: keeperInGit(metadata),
      status: ref,
      pins: pinnedTags(helm?.valuesObject),
      needsSync: !automated || automated.enabled === false,
    }));
}
