import type { Cluster } from '../cluster/Cluster';
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  MUTATING_WEBHOOKS,
  POD_AUTOSCALERS,
  POD_DISRUPTION_BUDGETS,
  SERVICES,
  VALIDATING_WEBHOOKS,
  type Resource,
} from '../kubernetes/resources';
import type { Draft, KubeObject } from '../kubernetes/types';
import { withMarks, type Marks } from '../operators/charts/marks';
import {
  controlPlaneObjects,
  type ControlPlane,
  type ControlPlaneObjects,
} from './objects';

type Entry = [Resource, Draft];

/** Every object of a control plane with the kind it is stored under. */
export function controlPlaneEntries(objects: ControlPlaneObjects): Entry[] {
  return [
    [DEPLOYMENTS as Resource, objects.deployment],
    [CONFIG_MAPS as Resource, objects.injectorConfig],
    [CONFIG_MAPS as Resource, objects.meshConfig],
    [SERVICES as Resource, objects.service],
    [POD_DISRUPTION_BUDGETS as Resource, objects.disruptionBudget],
    [MUTATING_WEBHOOKS as Resource, objects.webhooks],
    [VALIDATING_WEBHOOKS as Resource, objects.validator],
    ...(objects.autoscaler
      ? [[POD_AUTOSCALERS as Resource, objects.autoscaler] as Entry]
      : []),
  ];
}

/** Creates or renews the objects of a control plane, as a chart's upgrade does. */
export function applyControlPlane(
  cluster: Cluster,
  plane: ControlPlane,
  marks: Marks = {},
) {
  applyEntries(cluster, controlPlaneEntries(controlPlaneObjects(plane)), marks);
}

/** Creates objects or renews what is there: takes over what is rendered, keeps what others wrote. */
export function applyEntries(
  cluster: Cluster,
  entries: Entry[],
  marks: Marks = {},
) {
  for (const [resource, plain] of entries) {
    const draft = withMarks(resource, plain, marks);
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
