import type { ClusterWorld, Candidate, SailObject } from './types';
import { askingFor, describeUsers, proxiesOf } from './usage';

/** Tags that point nowhere and revisions that no `Istio` stands for, of the Sail operator. */
export function staleSailObjects(world: ClusterWorld): Candidate[] {
  return [
    ...world.istioRevisionTags
      .filter(isThere)
      .flatMap(tag => staleTag(tag, world)),
    ...world.istioRevisions
      .filter(isThere)
      .flatMap(revision => inactiveRevision(revision, world)),
  ];
}

function staleTag(tag: SailObject, world: ClusterWorld): Candidate[] {
  const { name } = tag.metadata;
  const { kind, name: target } = tag.spec?.targetRef ?? { kind: '', name: '' };
  const targets = kind === 'Istio' ? world.istios : world.istioRevisions;
  if (targets.some(({ metadata }) => metadata.name === target)) {
    return [];
  }
  return [
    {
      kind: 'IstioRevisionTag',
      object: tag,
      role: 'revisionTag',
      reason: `It points to ${kind} ${target}, which does not exist`,
      usedBy: describeUsers(
        askingFor(
          world.mutating.filter(
            ({ metadata }) => metadata.labels?.['istio.io/tag'] === name,
          ),
          world,
        ),
      ),
    },
  ];
}

function inactiveRevision(
  revision: SailObject,
  world: ClusterWorld,
): Candidate[] {
  const { name, ownerReferences = [] } = revision.metadata;
  const owner = ownerReferences.find(({ kind }) => kind === 'Istio');
  const istio = world.istios.find(
    ({ metadata }) => metadata.name === owner?.name,
  );
  const active = istio?.status?.activeRevisionName;
  if (!istio || active === undefined || active === name) {
    // Without a word of the operator nothing is known to be inactive.
    return [];
  }
  const tags = world.istioRevisionTags.filter(
    ({ spec }) =>
      spec?.targetRef?.kind === 'IstioRevision' && spec.targetRef.name === name,
  );
  const injectors = world.mutating.filter(
    ({ metadata }) => metadata.labels?.['istio.io/rev'] === name,
  );
  return [
    {
      kind: 'IstioRevision',
      object: revision,
      role: 'controlPlane',
      revision: name,
      reason: `Istio ${istio.metadata.name} stands for revision ${active} now`,
      usedBy: [
        ...tags.map(
          ({ metadata }) => `IstioRevisionTag ${metadata.name} points to it`,
        ),
        ...describeUsers(askingFor(injectors, world), proxiesOf(name, world)),
      ],
    },
  ];
}

function isThere({ metadata }: SailObject): boolean {
  return metadata.deletionTimestamp === undefined;
}
