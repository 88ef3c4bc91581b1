import type { KubeObject } from '../kubernetes/types';
import { badRequest, expired } from '../kubernetes/errors';
import { apiVersionOf, type Resource } from '../kubernetes/resources';
import { sendJson, type ResourceRequest } from './request';
import { selectionOf } from './selection';

/** How long a continue token is good for, in milliseconds; etcd compacts every five minutes. */
const SNAPSHOT_LIFETIME = 5 * 60 * 1000;
const SNAPSHOT_LIMIT = 200;

interface Snapshot {
  items: readonly KubeObject[];
  resourceVersion: string;
  takenAt: number;
}

/** Pages of lists that clients are still reading: each page shows the state of the first. */
export class ListSnapshots {
  readonly #snapshots = new Map<string, Snapshot>();
  #lastId = 0;

  keep(items: readonly KubeObject[], resourceVersion: string): string {
    this.#lastId += 1;
    const id = String(this.#lastId);
    this.#snapshots.set(id, { items, resourceVersion, takenAt: Date.now() });
    if (this.#snapshots.size > SNAPSHOT_LIMIT) {
      this.#snapshots.delete(this.#snapshots.keys().next().value!);
    }
    return id;
  }

  find(id: string): Snapshot | undefined {
    const snapshot = this.#snapshots.get(id);
    return snapshot && Date.now() - snapshot.takenAt < SNAPSHOT_LIFETIME
      ? snapshot
      : undefined;
  }

  clear() {
    this.#snapshots.clear();
  }
}

/** Answers a list, in pages when `limit` is given. */
export function answerList(request: ResourceRequest, snapshots: ListSnapshots) {
  const { cluster, query, resource, res } = request;
  const limit = Number(query.get('limit') ?? 0);
  const token = query.get('continue');
  const page = token
    ? continued(request, snapshots, token)
    : {
        id: undefined,
        start: 0,
        resourceVersion: String(cluster.store.version),
        items: cluster.store
          .list(resource, request.namespace)
          .filter(selectionOf(request)),
      };
  const end = limit > 0 ? page.start + limit : page.items.length;
  const remaining = page.items.length - end;
  const id =
    remaining > 0
      ? page.id ?? snapshots.keep(page.items, page.resourceVersion)
      : undefined;
  sendJson(res, 200, {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: page.resourceVersion,
      ...(id && {
        continue: encodeToken({ id, start: end }),
        remainingItemCount: remaining,
      }),
    },
    items: page.items
      .slice(page.start, end)
      .map(item => listItem(resource, item)),
  });
}

/** Built-in kinds leave `apiVersion` and `kind` out of list items, custom resources do not. */
function listItem(resource: Resource, item: KubeObject): object {
  if (resource.custom) {
    return item;
  }
  const { apiVersion, kind, ...rest } = item;
  return rest;
}

function continued(
  request: ResourceRequest,
  snapshots: ListSnapshots,
  token: string,
) {
  const { id, start } = decodeToken(token);
  const snapshot = request.cluster.knobs().expireContinues
    ? undefined
    : snapshots.find(id);
  if (!snapshot) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    );
  }
  return { ...snapshot, id, start };
}

interface ContinueToken {
  id: string;
  start: number;
}

function encodeToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decodeToken(text: string): ContinueToken {
  try {
    const { id, start } = JSON.parse(
      Buffer.from(text, 'base64url').toString('utf8'),
    );
    return { id: String(id), start: Number(start) };
  } catch {
    throw badRequest('continue key is not valid');
  }
}
