import {
  FLUX_HELM_RELEASES,
  GIT_REPOSITORIES,
  HELM_REPOSITORIES,
  ISTIOS,
  KUSTOMIZATIONS,
  OCI_REPOSITORIES,
  qualifiedName,
  RESOURCES,
  type Resource,
} from '../kubernetes/resources';
import type {
  CustomResourceDefinition,
  Draft,
  StringMap,
} from '../kubernetes/types';

export const SAIL_KINDS: readonly Resource[] = RESOURCES.filter(
  ({ group }) => group === ISTIOS.group,
);

export const FLUX_KINDS = [
  FLUX_HELM_RELEASES,
  OCI_REPOSITORIES,
  HELM_REPOSITORIES,
  GIT_REPOSITORIES,
  KUSTOMIZATIONS,
] as readonly Resource[];

export interface DefinitionOptions {
  labels?: StringMap;
  annotations?: StringMap;
  /** Anything goes unless told. */
  schema?: object;
  /** Served besides the one that is stored. */
  furtherVersions?: string[];
}

const ANYTHING = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
};

/** The definition of a kind, which a real API server accepts too. */
export function definitionOf(
  resource: Resource,
  {
    labels,
    annotations,
    schema = { openAPIV3Schema: ANYTHING },
    furtherVersions = [],
  }: DefinitionOptions = {},
): Draft<CustomResourceDefinition> {
  const { group, version, plural, kind, namespaced, shortNames } = resource;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: qualifiedName(resource),
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
      versions: [version, ...furtherVersions].map(each => ({
        name: each,
        served: true,
        storage: each === version,
        ...(resource.subresources.includes('status') && {
          subresources: { status: {} },
        }),
        schema,
      })),
    },
  };
}

/** A schema that accepts these names in `spec.version`, as Sail's do. */
export function versionSchema(versions: string[]): object {
  return {
    openAPIV3Schema: {
      ...ANYTHING,
      properties: {
        spec: {
          ...ANYTHING,
          properties: { version: { type: 'string', enum: versions } },
        },
      },
    },
  };
}
