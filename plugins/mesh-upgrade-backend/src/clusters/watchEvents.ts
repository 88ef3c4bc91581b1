import { eventFromProtobuf, readFrames } from './protobuf';
import type { KubernetesObject, ProtobufDecoder, WatchEvent } from './types';
import {
  errorFromStatus,
  errorFromUnreadableBody,
  type RequestContext,
  type Status,
} from './serverErrors';

/** Annotation of the bookmark behind everything that existed. */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/**
 * The lines of a stream, whatever the borders of its chunks. A last line
 * without its end was cut off by a broken connection and is left out.
 */
async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    if (lines.length === 1) {
      rest += text;
      continue;
    }
    lines[0] = rest + lines[0];
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.trim() !== '') {
        yield line;
      }
    }
  }
}

/** An event as servers send it, before it is known what it tells. */
interface RawEvent {
  type?: string;
  object?: unknown;
}

function parseJson(line: string): RawEvent {
  return JSON.parse(line);
}

/** Throws a `KubernetesError` for an ERROR event (410: relist), and what `unreadable` makes for anything that is no event. */
function toWatchEvent<T extends KubernetesObject>(
  event: RawEvent | undefined,
  context: RequestContext,
  unreadable: () => Error,
): WatchEvent<T> {
  if (typeof event?.object !== 'object' || event.object === null) {
    throw unreadable();
  }
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object as T };
    case 'BOOKMARK': {
      const { metadata } = event.object as Partial<KubernetesObject>;
      return {
        type: 'BOOKMARK',
        resourceVersion: metadata?.resourceVersion ?? '',
        ...(metadata?.annotations?.[INITIAL_EVENTS_END] === 'true' && {
          initialEventsEnd: true,
        }),
      };
    }
    case 'ERROR':
      throw errorFromStatus(context, event.object as Status);
    default:
      throw unreadable();
  }
}

/** A stream that is cut or falls silent has ended: whether the server is still there, the next one will tell. */
async function* untilCut(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch {
    return;
  }
}

/** The events of a watch's body. Throws a `KubernetesError` as `toWatchEvent` does, never for the connection. */
export async function* readWatchEvents<T extends KubernetesObject>(
  body: AsyncIterable<Uint8Array>,
  context: RequestContext,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of readLines(untilCut(body))) {
    const unreadable = () =>
      errorFromUnreadableBody(context, { code: 200, text: line });
    yield toWatchEvent<T>(
      attempt(() => parseJson(line), unreadable),
      context,
      unreadable,
    );
  }
}

/** The same of a body in protobuf. */
export async function* readProtobufEvents<T extends KubernetesObject>(
  body: AsyncIterable<Uint8Array>,
  context: RequestContext,
  decode: ProtobufDecoder<T>,
): AsyncGenerator<WatchEvent<T>> {
  const unreadable = () =>
    errorFromUnreadableBody(context, {
      code: 200,
      text: 'not the protobuf form of an event',
    });
  for await (const frame of readFrames(untilCut(body), unreadable)) {
    yield toWatchEvent<T>(
      attempt(() => eventFromProtobuf(frame, decode), unreadable),
      context,
      unreadable,
    );
  }
}

function attempt<T>(read: () => T, unreadable: () => Error): T {
  try {
    return read();
  } catch {
    throw unreadable();
  }
}
