import type { IncomingMessage } from 'node:http';
import type { Cluster } from '../cluster/Cluster';
import { unauthorized } from '../kubernetes/errors';

/** Who asks, and whether reading is all they may do. */
export interface Identity {
  user: string;
  readOnly: boolean;
}

/** The token with every right on a cluster. */
export function adminToken(cluster: string): string {
  return `lab-${cluster}`;
}

/** The token that may only read a cluster. */
export function readToken(cluster: string): string {
  return `lab-${cluster}-read`;
}

/** Throws 401 for a token that is not one of the cluster's. */
export function authenticate(req: IncomingMessage, cluster: string): Identity {
  const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];
  if (token === adminToken(cluster)) {
    return { user: 'lab-admin', readOnly: false };
  }
  if (token === readToken(cluster)) {
    return { user: 'lab-reader', readOnly: true };
  }
  throw unauthorized();
}

const READ_VERBS = ['get', 'list', 'watch'];
const EVERYBODYS = 'selfsubjectaccessreviews';

/** Whether RBAC would let this through; `resource` may name a subresource as `pods/eviction`. */
export function isAllowed(
  cluster: Cluster,
  identity: Identity,
  action: { verb: string; resource: string },
): boolean {
  const denied = (cluster.knobs().denyVerbs ?? []).some(
    ({ verb, resource }) =>
      (verb === '*' || verb === action.verb) &&
      (resource === '*' || resource === action.resource),
  );
  const granted =
    !identity.readOnly ||
    READ_VERBS.includes(action.verb) ||
    action.resource === EVERYBODYS;
  return granted && !denied;
}
