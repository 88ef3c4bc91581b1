import type { KubernetesObject } from '../../clusters/types';
import type { ReplicaSetFact } from './types';

/** Keeps the link from a pod's ReplicaSet to its Deployment. */
export function projectReplicaSet({
  metadata,
}: KubernetesObject): ReplicaSetFact {
  const owner = metadata.ownerReferences?.find(
    reference => reference.controller && reference.kind === 'Deployment',
  );
  return {
    uid: metadata.uid ?? '',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    deployment: owner && { name: owner.name, uid: owner.uid },
  };
}
