import type { Pod } from '../proxyImages';

/** Pods of a Deployment, by the names that its ReplicaSets have. */
export function podsOfDeployment(pods: Pod[], deployment: string): Pod[] {
  const replicaSet = new RegExp(`^${deployment}-[a-z0-9]{5,10}$`);
  return pods.filter(({ metadata }) =>
    metadata.ownerReferences?.some(
      ({ kind, name }) => kind === 'ReplicaSet' && replicaSet.test(name),
    ),
  );
}
