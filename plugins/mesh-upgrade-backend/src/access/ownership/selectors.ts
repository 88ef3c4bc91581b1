import { stringifyEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import {
  KUBERNETES_CLUSTER_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
  KUBERNETES_NAMESPACE_ANNOTATION,
  WORKLOADS_ANNOTATION,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { matchesSelector } from '../../kubernetes/labelSelector';
import { parseLabelExpression } from './labelExpression';
import type { LabelRequirement } from './labelExpression';

/** What ownership is decided by. */
export interface OwnableWorkload {
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
  /** Of the workload and of its pod template, merged. */
  labels: Record<string, string>;
}

/** The workloads of one entity, compiled once. */
export interface OwnershipSelector {
  entityRef: string;
  matches(workload: OwnableWorkload): boolean;
  /** Set when only workloads with this value of the label `backstage.io/kubernetes-id` can match. */
  kubernetesId?: string;
}

/**
 * Reads an entity's annotations. Undefined for an entity that names no
 * workload; an annotation that cannot be read selects nothing.
 */
export function compileSelector(entity: Entity): OwnershipSelector | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const entityRef = stringifyEntityRef(entity);
  const listed = annotations[WORKLOADS_ANNOTATION];
  if (listed !== undefined) {
    const patterns = splitList(listed).map(pattern => pattern.split('/'));
    return {
      entityRef,
      matches: workload =>
        patterns.some(parts => matchesParts(parts, workload)),
    };
  }

  const expression = annotations[KUBERNETES_LABEL_SELECTOR_ANNOTATION];
  const kubernetesId = annotations[KUBERNETES_ID_ANNOTATION];
  const requirements = labelRequirements(expression, kubernetesId);
  if (!requirements) {
    return undefined;
  }
  const namespaces = splitList(
    annotations[KUBERNETES_NAMESPACE_ANNOTATION] ?? '',
  );
  const cluster = annotations[KUBERNETES_CLUSTER_ANNOTATION];
  return {
    entityRef,
    kubernetesId: expression === undefined ? kubernetesId : undefined,
    matches: workload =>
      (namespaces.length === 0 || namespaces.includes(workload.namespace)) &&
      (!cluster || cluster === workload.cluster) &&
      matchesSelector({ matchExpressions: requirements }, workload.labels),
  };
}

/** The selector overrides the id; without either an entity owns nothing, never everything. */
function labelRequirements(
  expression: string | undefined,
  kubernetesId: string | undefined,
): LabelRequirement[] | undefined {
  if (expression !== undefined) {
    return parseLabelExpression(expression);
  }
  return kubernetesId
    ? [
        {
          key: KUBERNETES_ID_ANNOTATION,
          operator: 'In',
          values: [kubernetesId],
        },
      ]
    : undefined;
}

function matchesParts(parts: string[], workload: OwnableWorkload): boolean {
  const actual = [
    workload.cluster,
    workload.namespace,
    workload.kind,
    workload.name,
  ];
  return (
    parts.length === actual.length &&
    parts.every((part, index) => part === '*' || part === actual[index])
  );
}

function splitList(list: string): string[] {
  return list
    .split(',')
    .map(item => item.trim())
    .filter(Boolean);
}
