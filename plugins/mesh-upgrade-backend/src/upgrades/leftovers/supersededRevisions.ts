import { newerOf } from '../../inventory/rules/versionOrder';
import type { Deployment } from '../../kubernetes/types';
import { istiodVersion } from '../actuators/controlPlane';
import { istioRevisionOf } from '../../kubernetes/sail';

import type { LeftoverKind } from './kinds';
import { revisionOf, tagOf } from './revisions';
import { isOfIstiod } from './staleConfiguration';
import { nodeAgentsThatName } from './staleParts';
import type { Candidate, ClusterWorld, Service } from './types';
import { askingFor, describeUsers, proxiesOf } from './usage';

interface Part {
  kind: LeftoverKind;
  role: Candidate['role'];
  object: Candidate['object'];
}

/**
 * Revisions beside a newer one that nobody asks for, with all that belongs to
 * them. Those of the Sail operator are the operator's to take apart.
 */
export function supersededRevisions(world: ClusterWorld): Candidate[] {
  const istiods = world.istiods as Deployment[];
  return istiods.flatMap(istiod => {
    const { namespace } = istiod.metadata;
    const version = istiodVersion(istiod);
    const newer = istiods.find(other => isNewer(other, istiod));
    const revision = revisionOf(istiod);
    const injectors = world.mutating.filter(
      each => revisionOf(each) === revision && callsInto(each, namespace),
    );
    const asking = askingFor(injectors, world);
    if (!newer || istioRevisionOf(istiod) !== undefined || asking.length > 0) {
      return [];
    }
    const parts = partsOf(revision, namespace, world);
    const usedBy = [
      ...describeUsers([], proxiesOf(revision, world)),
      ...usersOfParts(parts, world),
    ];
    const reason = `Nobody asks for revision ${revision} with ${version}: no namespace and no workload by its labels. ${
      newer.metadata.name
    } runs ${istiodVersion(newer)}`;
    return [
      {
        kind: 'Deployment' as const,
        role: 'controlPlane' as const,
        object: istiod,
      },
      ...parts,
      ...injectors.map(object => ({
        kind: 'MutatingWebhookConfiguration' as const,
        role:
          tagOf(object) === undefined
            ? ('injector' as const)
            : ('revisionTag' as const),
        object,
      })),
    ].map(part => ({ ...part, revision, reason, usedBy }));
  });
}

/** Of two istiods of one namespace, by their versions; unknown is never newer. */
function isNewer(other: Deployment, istiod: Deployment): boolean {
  const [theirs, own] = [istiodVersion(other), istiodVersion(istiod)];
  return (
    other.metadata.namespace === istiod.metadata.namespace &&
    theirs !== undefined &&
    own !== undefined &&
    theirs !== own &&
    newerOf(theirs, own) === theirs
  );
}

function callsInto(
  { webhooks = [] }: ClusterWorld['mutating'][number],
  namespace: string | undefined,
): boolean {
  return webhooks.every(
    ({ clientConfig: { service } }) => service?.namespace === namespace,
  );
}

/** What came with an istiod, other than who calls it for injection. */
function partsOf(
  revision: string,
  namespace: string | undefined,
  world: ClusterWorld,
): Part[] {
  const own = <T extends Candidate['object']>(objects: T[]) =>
    objects.filter(
      object =>
        object.metadata.namespace === namespace &&
        revisionOf(object) === revision,
    );
  const part =
    (kind: LeftoverKind, role: Candidate['role'] = 'controlPlane') =>
    (object: Candidate['object']): Part => ({ kind, role, object });
  return [
    ...validatorsOf(revision, namespace, world).map(
      part('ValidatingWebhookConfiguration', 'validator'),
    ),
    ...own(world.autoscalers).map(part('HorizontalPodAutoscaler')),
    ...own(world.budgets).map(part('PodDisruptionBudget')),
    ...own(world.services)
      .filter(({ spec }) => spec?.selector?.app === 'istiod')
      .map(part('Service')),
    ...own(world.configMaps)
      .filter(isOfIstiod)
      .map(part('ConfigMap', 'configuration')),
  ];
}

/** Validators that a revision brought for itself; the cluster's default one is moved, not removed. */
function validatorsOf(
  revision: string,
  namespace: string | undefined,
  { validating }: ClusterWorld,
) {
  return validating.filter(
    object =>
      object.metadata.name.startsWith('istio-validator') &&
      revisionOf(object) === revision &&
      (object.webhooks ?? []).every(
        ({ clientConfig: { service } }) => service?.namespace === namespace,
      ),
  );
}

/** Who would be left without an answer besides pods: the default validator, and node agents. */
function usersOfParts(parts: Part[], world: ClusterWorld): string[] {
  const services = parts
    .filter(({ kind }) => kind === 'Service')
    .map(({ object }) => object as Service);
  const own = new Set(parts.map(({ object }) => object));
  const validators = world.validating.filter(
    each =>
      !own.has(each) &&
      (each.webhooks ?? []).some(({ clientConfig: { service } }) =>
        services.some(
          ({ metadata }) =>
            metadata.name === service?.name &&
            metadata.namespace === service.namespace,
        ),
      ),
  );
  return [
    ...validators.map(
      ({ metadata }) =>
        `ValidatingWebhookConfiguration ${metadata.name} asks it about changes of Istio's configuration`,
    ),
    ...services.flatMap(service => nodeAgentsThatName(service, world)),
  ];
}
