import type {
  RevisionTagView,
  RevisionView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { ClusterFacts } from '../facts/ClusterFacts';
import type { InjectorWebhooksFact, RevisionTagFact } from '../facts/types';
import { controlPlaneVersion } from './controlPlanes';
import { injectedVersion } from './injectedVersion';
import type { MeshLookup } from './meshOf';
import { defaultConfiguration, NOBODY, revisionUsage } from './revisionUsage';
import type { RevisionUsage } from './revisionUsage';
import { newerOf } from './versionOrder';

/** What of a cluster belongs to one of its meshes. */
export interface OfMesh<T> {
  meshId: string;
  view: T;
}

interface RevisionParts {
  revision: string;
  namespace?: string;
  webhooks: InjectorWebhooksFact[];
  controlPlane?: { namespace: string; name: string; version?: string };
}

/** Revisions and tags of one cluster, each with who asks for it. */
export function revisionsOf(
  cluster: string,
  facts: ClusterFacts,
  meshes: MeshLookup,
): { revisions: OfMesh<RevisionView>[]; tags: OfMesh<RevisionTagView>[] } {
  const parts = collectParts(facts);
  const usageOf = revisionUsage(facts);
  const defaultName = defaultConfiguration(facts);
  const meshIdOf = ({ revision, namespace }: RevisionParts) =>
    meshes.ofRevision(revision, namespace);
  return {
    revisions: parts.map(part => ({
      meshId: meshIdOf(part),
      view: {
        cluster,
        revision: part.revision,
        isDefault: part.webhooks.some(({ name }) => name === defaultName),
        tags: tagsOf(part).map(({ tag }) => tag),
        controlPlane: part.controlPlane && {
          namespace: part.controlPlane.namespace,
          name: part.controlPlane.name,
        },
        version: part.controlPlane?.version,
        injects: injectedVersion(part.revision, part.namespace, {
          facts,
          meshes,
        }).version,
        url: part.webhooks.find(({ url }) => url !== undefined)?.url,
        ...sumUsage(part.webhooks.map(usageOf)),
        note: canaryNote(
          part,
          parts.filter(other => meshIdOf(other) === meshIdOf(part)),
        ),
      },
    })),
    tags: [
      ...parts.flatMap(part =>
        tagsOf(part).map(webhooks => ({
          meshId: meshIdOf(part),
          view: {
            cluster,
            tag: webhooks.tag,
            revision: part.revision,
            version: part.controlPlane?.version,
            ...usageOf(webhooks),
            problem: problemOf(webhooks.tag, facts),
          },
        })),
      ),
      ...unwebhookedTags(facts).map(tag => ({
        meshId: meshes.ofRevision(
          tag.revision ?? 'default',
          tag.controlPlaneNamespace,
        ),
        view: {
          cluster,
          tag: tag.name,
          revision: tag.revision ?? tag.target,
          ...NOBODY,
          problem:
            problemOf(tag.name, facts) ??
            'The Sail operator has not made its webhooks yet: pods that ask for it get no sidecar',
        },
      })),
    ],
  };
}

/** Tags of the Sail operator for which nothing in the cluster calls an injector. */
function unwebhookedTags(facts: ClusterFacts): RevisionTagFact[] {
  const called = new Set(
    [...facts.mutatingwebhookconfigurations.values()].map(({ tag }) => tag),
  );
  return [...facts.istiorevisiontags.values()].filter(
    ({ name }) => !called.has(name),
  );
}

/** What the Sail operator says against a tag that it keeps. */
function problemOf(tag: string, facts: ClusterFacts): string | undefined {
  const kept = facts.istiorevisiontags.get(`/${tag}`);
  return kept && kept.problems.length > 0
    ? `IstioRevisionTag ${tag}, which names ${
        kept.target
      }: ${kept.problems.join(', ')}`
    : undefined;
}

/** Joins istiods and the webhooks that call them, by namespace and revision; ordered by revision. */
function collectParts(facts: ClusterFacts): RevisionParts[] {
  const parts = new Map<string, RevisionParts>();
  const partOf = (revision: string, namespace: string | undefined) => {
    const key = `${revision}/${namespace ?? ''}`;
    const part = parts.get(key) ?? { revision, namespace, webhooks: [] };
    parts.set(key, part);
    return part;
  };
  for (const { namespace, name, istiod } of facts.controlPlanes()) {
    partOf(istiod.revision, namespace).controlPlane = {
      namespace,
      name,
      version: controlPlaneVersion(
        istiod,
        facts.enquired.get(`${namespace}/${name}`),
      ),
    };
  }
  for (const webhooks of facts.mutatingwebhookconfigurations.values()) {
    const { revision, controlPlaneNamespace } = webhooks;
    partOf(
      revision,
      controlPlaneNamespace ?? onlyNamespaceOf(revision, facts),
    ).webhooks.push(webhooks);
  }
  return [...parts.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, part]) => part);
}

/** A webhook that is called by URL names no namespace: it is the one istiod's of its revision when there is just one. */
function onlyNamespaceOf(
  revision: string,
  facts: ClusterFacts,
): string | undefined {
  const own = [...facts.controlPlanes()].filter(
    ({ istiod }) => istiod.revision === revision,
  );
  return own.length === 1 ? own[0].namespace : undefined;
}

function tagsOf({
  webhooks,
}: RevisionParts): (InjectorWebhooksFact & { tag: string })[] {
  return webhooks
    .filter(
      (each): each is InjectorWebhooksFact & { tag: string } =>
        each.tag !== undefined,
    )
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

function sumUsage(usages: RevisionUsage[]): RevisionUsage {
  return usages.reduce(
    (sum, { namespaces, workloads }) => ({
      namespaces: sum.namespaces + namespaces,
      workloads: sum.workloads + workloads,
    }),
    { namespaces: 0, workloads: 0 },
  );
}

/** Of two istiods of one mesh in a cluster the newer one is on trial. */
function canaryNote(
  part: RevisionParts,
  siblings: RevisionParts[],
): string | undefined {
  const version = part.controlPlane?.version;
  const older = siblings.find(
    ({ controlPlane }) =>
      version !== undefined &&
      controlPlane?.version !== undefined &&
      newerOf(version, controlPlane.version) === version,
  );
  return (
    older &&
    `Canary: runs ${version} beside revision ${older.revision} with ${older.controlPlane?.version}`
  );
}
