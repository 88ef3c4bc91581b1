import { matchesSelector } from '../../kubernetes/labelSelector';
import { isServed, revisionOf, tagOf } from './revisions';
import type { Candidate, ClusterWorld, Service } from './types';
import { describeUsers, proxiesOf } from './usage';

/** What stood around an istiod that is gone: Services, autoscalers and budgets. */
export function staleParts(world: ClusterWorld): Candidate[] {
  return [
    ...staleServices(world),
    ...staleAutoscalers(world),
    ...staleBudgets(world),
  ];
}

function staleServices(world: ClusterWorld): Candidate[] {
  const { services, istiods } = world;
  return services
    .filter(isOfControlPlane)
    .filter(service => !isServed(service, istiods))
    .map(service => {
      const tag = tagOf(service);
      const revision = revisionOf(service);
      return {
        kind: 'Service',
        object: service,
        role: tag === undefined ? 'controlPlane' : 'revisionTag',
        revision,
        reason: `${
          tag === undefined ? 'It leads' : `Tag ${tag} leads`
        } to istiod of revision ${revision}, which does not run`,
        usedBy: [
          ...describeUsers(
            [],
            tag === undefined ? proxiesOf(revision, world) : [],
          ),
          ...nodeAgentsThatName(service, world),
        ],
      };
    });
}

function isOfControlPlane({ metadata, spec }: Service): boolean {
  return (
    spec?.selector?.app === 'istiod' &&
    (metadata.labels?.app === 'istiod' ||
      metadata.labels?.['istio.io/tag'] !== undefined)
  );
}

/** ztunnel and the CNI are told their control plane by a variable. */
export function nodeAgentsThatName(
  { metadata: { name, namespace } }: Service,
  { nodeAgents }: ClusterWorld,
): string[] {
  const address = `${name}.${namespace}.svc`;
  return nodeAgents
    .filter(({ spec }) =>
      (spec?.template?.spec?.containers ?? []).some(({ env = [] }) =>
        env.some(({ value }) => value?.split('//').pop()?.startsWith(address)),
      ),
    )
    .map(
      ({ metadata }) =>
        `DaemonSet ${metadata.namespace}/${metadata.name} connects to it`,
    );
}

function staleAutoscalers({ autoscalers, istiods }: ClusterWorld): Candidate[] {
  return autoscalers
    .filter(({ metadata, spec }) => {
      const target = spec?.scaleTargetRef;
      return (
        target?.kind === 'Deployment' &&
        !istiods.some(
          istiod =>
            istiod.metadata.namespace === metadata.namespace &&
            istiod.metadata.name === target.name,
        )
      );
    })
    .map(object => ({
      kind: 'HorizontalPodAutoscaler',
      object,
      role: 'controlPlane',
      revision: revisionOf(object),
      reason: `It scales Deployment ${object.metadata.namespace}/${object.spec?.scaleTargetRef?.name}, which does not exist`,
      usedBy: [],
    }));
}

function staleBudgets({ budgets, istiods }: ClusterWorld): Candidate[] {
  return budgets
    .filter(
      ({ metadata, spec }) =>
        spec?.selector !== undefined &&
        !istiods.some(
          istiod =>
            istiod.metadata.namespace === metadata.namespace &&
            matchesSelector(
              spec.selector!,
              istiod.spec?.template?.metadata?.labels ?? {},
            ),
        ),
    )
    .map(object => ({
      kind: 'PodDisruptionBudget',
      object,
      role: 'controlPlane',
      revision: revisionOf(object),
      reason: `It protects istiod of revision ${revisionOf(
        object,
      )}, which does not run`,
      usedBy: [],
    }));
}
