import type { Cluster } from '../cluster/Cluster';
import { isAllowed, type Identity } from './auth';

interface AccessReview {
  spec?: {
    resourceAttributes?: {
      verb?: string;
      group?: string;
      resource?: string;
      subresource?: string;
      namespace?: string;
      name?: string;
    };
  };
}

/** The review with the answer to whether its sender may do what it asks about. */
export function reviewAccess(
  cluster: Cluster,
  identity: Identity,
  review: AccessReview,
) {
  const {
    verb = '',
    group = '',
    resource = '',
    subresource,
    namespace,
    name,
  } = review.spec?.resourceAttributes ?? {};
  const allowed = isAllowed(cluster, identity, {
    verb,
    group,
    resource: subresource ? `${resource}/${subresource}` : resource,
    // A review without a namespace asks about all of them.
    namespace: namespace || undefined,
    name: name || undefined,
  });
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: review.spec,
    status: { allowed },
  };
}
