import type { IncomingMessage } from 'node:http';
import type { Cluster } from '../cluster/Cluster';
import type { PermissionRule } from '../knobs/Knobs';
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

/** A token with every right that stays good when the others have expired. */
export function renewedToken(cluster: string): string {
  return `lab-${cluster}-renewed`;
}

/** Throws 401 for a token that is not one of the cluster's, or not any more. */
export function authenticate(req: IncomingMessage, cluster: Cluster): Identity {
  const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];
  const { name } = cluster;
  if (token === renewedToken(name)) {
    return { user: 'lab-admin', readOnly: false };
  }
  if (cluster.knobs().expiredToken) {
    throw unauthorized();
  }
  if (token === adminToken(name)) {
    return { user: 'lab-admin', readOnly: false };
  }
  if (token === readToken(name)) {
    return { user: 'lab-reader', readOnly: true };
  }
  throw unauthorized();
}

/** What somebody wants to do. */
export interface Action {
  verb: string;
  group: string;
  /** May name a subresource, as `pods/eviction`. */
  resource: string;
  namespace?: string;
  name?: string;
}

const READ_VERBS = ['get', 'list', 'watch'];
const EVERYBODYS = 'selfsubjectaccessreviews';

/** Whether a knob keeps everybody from it. */
export function isDenied(
  cluster: Cluster,
  action: Pick<Action, 'verb' | 'resource'>,
): boolean {
  const { denyVerbs = [] } = cluster.knobs();
  return denyVerbs.some(
    ({ verb, resource }) =>
      (verb === '*' || verb === action.verb) &&
      (resource === '*' || resource === action.resource),
  );
}

/** Whether RBAC would let this through. */
export function isAllowed(
  cluster: Cluster,
  identity: Identity,
  action: Action,
): boolean {
  if (isDenied(cluster, action)) {
    return false;
  }
  const { permissions } = cluster.knobs();
  return (
    action.resource === EVERYBODYS ||
    (permissions
      ? permissions.some(rule => grants(rule, action))
      : !identity.readOnly || READ_VERBS.includes(action.verb))
  );
}

function grants(rule: PermissionRule, action: Action): boolean {
  const has = (values: string[] | undefined, wanted: string | undefined) =>
    values === undefined ||
    values.includes('*') ||
    (wanted !== undefined && values.includes(wanted));
  return (
    has(rule.verbs, action.verb) &&
    has(rule.apiGroups, action.group) &&
    has(rule.resources, action.resource) &&
    has(rule.namespaces, action.namespace) &&
    has(rule.resourceNames, action.name)
  );
}
