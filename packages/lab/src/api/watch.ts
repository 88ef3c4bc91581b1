import { expired } from '../kubernetes/errors';
import { apiVersionOf } from '../kubernetes/resources';
import type { KubeObject } from '../kubernetes/types';
import type { Change, ChangeType } from '../store/ObjectStore';
import type { ResourceRequest } from './request';
import { selectionOf } from './selection';

const BOOKMARK_INTERVAL = 10_000;
const DEFAULT_TIMEOUT_SECONDS = 30 * 60;

/** The watches that are open on one cluster. */
export class Watches {
  readonly #open = new Set<{ expire: () => void; drop: () => void }>();

  add(watch: { expire: () => void; drop: () => void }): () => void {
    this.#open.add(watch);
    return () => this.#open.delete(watch);
  }

  /** Ends every watch with 410 Gone. */
  expireAll() {
    this.#open.forEach(watch => watch.expire());
  }

  /** Cuts every watch off. */
  dropAll() {
    this.#open.forEach(watch => watch.drop());
  }
}

// Many watchers get the same change: each form of it is written down once.
const lines = new WeakMap<Change, Partial<Record<ChangeType, string>>>();

function lineOf(change: Change, type: ChangeType): string {
  let forms = lines.get(change);
  if (!forms) {
    forms = {};
    lines.set(change, forms);
  }
  forms[type] ??= eventLine(type, objectOf(change, type));
  return forms[type]!;
}

/** One that left the selection is shown as it was, with the version of the change. */
function objectOf({ object, previous, type: real }: Change, type: ChangeType) {
  return type === 'DELETED' && real === 'MODIFIED' && previous
    ? {
        ...previous,
        metadata: {
          ...previous.metadata,
          resourceVersion: object.metadata.resourceVersion,
        },
      }
    : object;
}

function eventLine(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

/**
 * Answers a watch: what changed since `resourceVersion` (with none or 0: all there is), then
 * changes as they come, with bookmarks on request, until `timeoutSeconds` are over. With
 * `sendInitialEvents` a bookmark marks the end of what was there.
 */
export function answerWatch(request: ResourceRequest, watches: Watches) {
  const { cluster, query, resource, res } = request;
  const selects = selectionOf(request);
  const from = query.get('resourceVersion') ?? '';
  const streamsList = query.get('sendInitialEvents') === 'true';
  const fromNow = streamsList || from === '' || from === '0';
  const knobs = cluster.knobs();
  const missed = fromNow
    ? []
    : cluster.store.table(resource).changesSince(Number(from));

  res.writeHead(200, {
    'content-type': 'application/json',
    'transfer-encoding': 'chunked',
    'cache-control': 'no-cache, private',
  });
  const tooOld = () =>
    eventLine(
      'ERROR',
      expired(
        `too old resource version: ${from || 0} (${cluster.store.version})`,
      ).toStatus(),
    );
  if (missed === undefined || (!fromNow && knobs.expireWatches)) {
    res.end(tooOld());
    return;
  }
  res.flushHeaders();

  const bookmarkOf = (annotations?: Record<string, string>) => ({
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: String(cluster.store.version),
      ...(annotations && { annotations }),
    },
  });

  const show = (change: Change) => {
    const type = visibleType(change, selects);
    if (type) {
      res.write(lineOf(change, type));
    }
  };
  if (fromNow) {
    cluster.store
      .list(resource, request.namespace)
      .filter(selects)
      .forEach(object => res.write(eventLine('ADDED', object)));
  }
  missed.forEach(show);
  if (streamsList) {
    // Clients that list by watching wait for this mark.
    res.write(
      eventLine(
        'BOOKMARK',
        bookmarkOf({ 'k8s.io/initial-events-end': 'true' }),
      ),
    );
  }

  const unsubscribe = cluster.store.subscribe(change => {
    if (change.resource === resource) {
      show(change);
    }
  });
  const bookmark = () => {
    if (['true', '1'].includes(query.get('allowWatchBookmarks') ?? '')) {
      res.write(eventLine('BOOKMARK', bookmarkOf()));
    }
  };
  const seconds =
    Number(query.get('timeoutSeconds')) || DEFAULT_TIMEOUT_SECONDS;
  const timers = [
    setInterval(bookmark, BOOKMARK_INTERVAL),
    setTimeout(() => {
      bookmark();
      res.end();
    }, seconds * 1000),
  ];
  if (knobs.dropWatchesAfterMs !== undefined) {
    timers.push(setTimeout(() => res.destroy(), knobs.dropWatchesAfterMs));
  }
  const forget = watches.add({
    expire: () => res.end(tooOld()),
    drop: () => res.destroy(),
  });
  res.on('close', () => {
    timers.forEach(clearTimeout);
    unsubscribe();
    forget();
  });
}

/** How a change looks to one who sees only what the selection matches. */
function visibleType(
  { type, object, previous }: Change,
  selects: (object: KubeObject) => boolean,
): ChangeType | undefined {
  if (type !== 'MODIFIED') {
    return selects(object) ? type : undefined;
  }
  const before = selects(previous!);
  const after = selects(object);
  if (before && after) {
    return 'MODIFIED';
  }
  if (after) {
    return 'ADDED';
  }
  return before ? 'DELETED' : undefined;
}
