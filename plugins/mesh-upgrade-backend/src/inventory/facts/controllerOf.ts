import type { KubernetesObject } from '../../clusters/types';
import type { ControllerFact } from './types';

/** The controlling owner of an object. */
export function controllerOf({
  ownerReferences,
}: KubernetesObject['metadata']): ControllerFact | undefined {
  const owner = ownerReferences?.find(reference => reference.controller);
  return (
    owner && {
      kind: owner.kind,
      name: owner.name,
      uid: owner.uid,
      apiVersion: owner.apiVersion,
    }
  );
}
