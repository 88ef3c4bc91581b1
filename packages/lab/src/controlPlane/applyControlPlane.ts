import type { Cluster } from '../cluster/Cluster';
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  MUTATING_WEBHOOKS,
  POD_DISRUPTION_BUDGETS,
  SERVICES,
  VALIDATING_WEBHOOKS,
  type Resource,
} from '../kubernetes/resources';
import type { Draft, KubeObject } from '../kubernetes/types';
import {
  controlPlaneObjects,
  type ControlPlane,
  type ControlPlaneObjects,
} from './objects';

/** Every object of a control plane with the kind it is stored under. */
export function controlPlaneEntries(
  objects: ControlPlaneObjects,
): Array<[Resource, Draft]> {
  return [
    [DEPLOYMENTS as Resource, objects.deployment],
    [CONFIG_MAPS as Resource, objects.injectorConfig],
    [CONFIG_MAPS as Resource, objects.meshConfig],
    [SERVICES as Resource, objects.service],
    [POD_DISRUPTION_BUDGETS as Resource, objects.disruptionBudget],
    [MUTATING_WEBHOOKS as Resource, objects.webhooks],
    [VALIDATING_WEBHOOKS as Resource, objects.validator],
  ];
}

/** Creates or renews the objects of a control plane, as a chart's upgrade does. */
export function applyControlPlane(cluster: Cluster, plane: ControlPlane) {
  for (const [resource, draft] of controlPlaneEntries(
    controlPlaneObjects(plane),
  )) {
    const { namespace, name } = draft.metadata;
    if (!cluster.store.get(resource, namespace, name!)) {
      cluster.store.create(resource, draft);
      continue;
    }
    cluster.store.update(resource, namespace, name!, current =>
      renew(current, draft),
    );
  }
}

/** Takes over what the chart renders and keeps what others wrote. */
function renew(current: KubeObject, draft: Draft): KubeObject {
  const { metadata, ...body } = draft;
  return {
    ...current,
    ...body,
    metadata: {
      ...current.metadata,
      labels: { ...current.metadata.labels, ...metadata.labels },
      annotations: { ...current.metadata.annotations, ...metadata.annotations },
      ...(metadata.ownerReferences && {
        ownerReferences: metadata.ownerReferences,
      }),
    },
  };
}
