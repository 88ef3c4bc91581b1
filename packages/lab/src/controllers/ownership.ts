import { apiVersionOf, type Resource } from '../kubernetes/resources';
import type { KubeObject, OwnerReference } from '../kubernetes/types';

/** The reference by which a controller marks what it created. */
export function controllerReference(
  resource: Resource,
  owner: KubeObject,
): OwnerReference {
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The reference to the object that controls this one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller);
}
