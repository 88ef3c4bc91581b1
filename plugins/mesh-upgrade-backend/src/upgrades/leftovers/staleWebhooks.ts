import type { ServiceReference } from 'kubernetes-types/admissionregistration/v1';
import { isOfIstio } from '../../checks/configuration/webhookOverlaps';
import { revisionOf, tagOf, whyUnserved } from './revisions';
import type { Candidate, ClusterWorld } from './types';
import { askingFor, describeUsers } from './usage';

/** Injectors, tags and validators whose calls nobody answers. */
export function staleWebhooks(world: ClusterWorld): Candidate[] {
  return [...staleInjectors(world), ...staleValidators(world)];
}

function staleInjectors(world: ClusterWorld): Candidate[] {
  return world.mutating.filter(isOfIstio).flatMap(configuration => {
    const why = whyUnanswered(configuration.webhooks, world);
    const tag = tagOf(configuration);
    const revision = revisionOf(configuration);
    return why === undefined
      ? []
      : [
          {
            kind: 'MutatingWebhookConfiguration' as const,
            object: configuration,
            role: tag === undefined ? 'injector' : 'revisionTag',
            revision,
            reason: `${
              tag === undefined ? 'It injects' : `Tag ${tag} stands`
            } for revision ${revision}, and ${why}`,
            usedBy: describeUsers(askingFor([configuration], world)),
          },
        ];
  });
}

function staleValidators(world: ClusterWorld): Candidate[] {
  return world.validating
    .filter(({ webhooks = [] }) =>
      webhooks.some(({ name }) => name.endsWith('validation.istio.io')),
    )
    .flatMap(configuration => {
      const why = whyUnanswered(configuration.webhooks, world);
      const isStrict = (configuration.webhooks ?? []).some(
        ({ failurePolicy }) => failurePolicy !== 'Ignore',
      );
      return why === undefined
        ? []
        : [
            {
              kind: 'ValidatingWebhookConfiguration' as const,
              object: configuration,
              role: 'validator' as const,
              revision: revisionOf(configuration),
              reason: `It asks about changes of Istio's configuration, and ${why}${
                isStrict ? ', so that such changes are refused' : ''
              }`,
              usedBy: [],
            },
          ];
    });
}

/** Undefined as soon as one of the webhooks may be answered. */
function whyUnanswered(
  webhooks: { clientConfig: { service?: ServiceReference } }[] = [],
  world: ClusterWorld,
): string | undefined {
  const reasons = webhooks.map(
    ({ clientConfig: { service } }) => service && whyUnserved(service, world),
  );
  return reasons.every(Boolean) ? reasons[0] : undefined;
}
