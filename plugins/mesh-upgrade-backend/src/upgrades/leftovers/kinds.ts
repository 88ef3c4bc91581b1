import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  MUTATING_WEBHOOKS,
  SERVICES,
  VALIDATING_WEBHOOKS,
} from '../../checks/configuration/resources';
import type { ResourceType } from '../../clusters/types';
import { ISTIO_REVISION_TAGS, ISTIO_REVISIONS } from '../../kubernetes/sail';

export const AUTOSCALERS: ResourceType = {
  group: 'autoscaling',
  version: 'v2',
  resource: 'horizontalpodautoscalers',
};
export const BUDGETS: ResourceType = {
  group: 'policy',
  version: 'v1',
  resource: 'poddisruptionbudgets',
};

/**
 * Kinds that are found and removed, in the order of removal: who calls before
 * who is called, and what reads a configuration before it.
 */
export const LEFTOVER_RESOURCES = {
  ValidatingWebhookConfiguration: VALIDATING_WEBHOOKS,
  MutatingWebhookConfiguration: MUTATING_WEBHOOKS,
  IstioRevisionTag: ISTIO_REVISION_TAGS,
  IstioRevision: ISTIO_REVISIONS,
  Deployment: DEPLOYMENTS,
  HorizontalPodAutoscaler: AUTOSCALERS,
  PodDisruptionBudget: BUDGETS,
  Service: SERVICES,
  ConfigMap: CONFIG_MAPS,
} as const satisfies Record<string, ResourceType>;

export type LeftoverKind = keyof typeof LEFTOVER_RESOURCES;

/** `apiVersion` of a kind: items of a list do not tell it themselves. */
export function apiVersionOf(kind: LeftoverKind): string {
  const { group, version } = LEFTOVER_RESOURCES[kind];
  return group === '' ? version : `${group}/${version}`;
}

/** Where a kind stands in the order of removal. */
export function removalRank(kind: LeftoverKind): number {
  return Object.keys(LEFTOVER_RESOURCES).indexOf(kind);
}
