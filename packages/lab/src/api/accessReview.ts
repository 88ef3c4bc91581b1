import type { Cluster } from '../cluster/Cluster';
import { forbidden } from '../kubernetes/errors';
import type { Resource } from '../kubernetes/resources';
import { isAllowed, isDenied, type Action, type Identity } from './auth';

const SERVICE_ACCOUNT = 'system:serviceaccount:';

/** Answered, never kept. */
export const REVIEWS: Resource = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'subjectaccessreviews',
  kind: 'SubjectAccessReview',
  namespaced: false,
  shortNames: [],
  subresources: [],
  custom: false,
};

interface AccessReview {
  spec?: {
    /** Only of reviews about others. */
    user?: string;
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
  return answered('SelfSubjectAccessReview', review, {
    allowed: isAllowed(cluster, identity, actionOf(review)),
  });
}

/**
 * The same about somebody else. The lab's Jobs may do everything, so their
 * accounts may, unless a knob denies it to all.
 */
export function reviewAccessOfOther(
  cluster: Cluster,
  identity: Identity,
  review: AccessReview,
) {
  const verb = 'create';
  const { group, plural } = REVIEWS;
  if (!isAllowed(cluster, identity, { verb, group, resource: plural })) {
    throw forbidden({ user: identity.user, verb, resource: REVIEWS });
  }
  return answered(REVIEWS.kind, review, {
    allowed:
      review.spec?.user?.startsWith(SERVICE_ACCOUNT) === true &&
      !isDenied(cluster, actionOf(review)),
  });
}

function actionOf(review: AccessReview): Action {
  const {
    verb = '',
    group = '',
    resource = '',
    subresource,
    namespace,
    name,
  } = review.spec?.resourceAttributes ?? {};
  return {
    verb,
    group,
    resource: subresource ? `${resource}/${subresource}` : resource,
    // A review without a namespace asks about all of them.
    namespace: namespace || undefined,
    name: name || undefined,
  };
}

function answered(
  kind: string,
  { spec }: AccessReview,
  status: { allowed: boolean },
) {
  return {
    kind,
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec,
    status,
  };
}
