import { KubernetesError } from '../../clusters/KubernetesError';
import type {
  KubernetesClient,
  KubernetesObject,
  ProtobufDecoder,
  ResourceType,
  WatchEvent,
} from '../../clusters/types';
import { objectKey } from '../facts/FactTable';
import type { ObjectSink } from '../facts/FactTable';
import { backoffDelay, Pause } from './Pause';
import type { BackoffPolicy } from './Pause';

/** A watch that lived shorter than this counts as a failed attempt, so that a server that drops each one is not hammered. */
const SHORT_WATCH_MS = 1_000;

/** A watch without an error for this long after a failure is taken for a good one. */
const WATCH_PROVEN_MS = 1_000;

/** Kubernetes 1.27 refuses to tell what exists by a watch, newer ones do it or refuse. */
const FIRST_MINOR_TO_REFUSE = 27;

/** What a reflector tells of its resource. */
export interface ReflectorObserver {
  /** A complete list was delivered, or the resource is not served at all. */
  listed(): void;
  /** List and watch work (again). */
  working(): void;
  failed(error: unknown): void;
}

/**
 * Keeps a sink equal to one resource of a cluster.
 *
 * Lists page by page, then watches from the list's version; or watches from
 * the beginning, where that is wanted and the server can. A watch that ends
 * is continued from the last version seen; one that is too old (410) leads to
 * a new list of this resource only. Any other failure is told and retried with
 * growing delays for as long as it takes: there is no state in which it has
 * given up.
 */
export class ResourceReflector<T extends KubernetesObject> {
  readonly #client: KubernetesClient;
  readonly #resource: ResourceType;
  readonly #labelSelector: string | undefined;
  readonly #optional: boolean;
  /** Turned off for good by a server that cannot. */
  #streamed: boolean;
  readonly #decode: ProtobufDecoder<T> | undefined;
  readonly #sink: ObjectSink<T>;
  readonly #observer: ReflectorObserver;
  readonly #backoff: BackoffPolicy;
  readonly #pause = new Pause();

  #attempt = 0;
  /** Where the watch continues; undefined when a list is due. */
  #version: string | undefined;
  #failing = false;

  constructor(options: {
    client: KubernetesClient;
    resource: ResourceType;
    labelSelector?: string;
    /** Clusters need not serve the resource. */
    optional?: boolean;
    /** What exists is told by the watch itself: several times as fast as pages where there is much of it. */
    streamed?: boolean;
    /** For watches in protobuf, where the server has it. */
    decode?: ProtobufDecoder<T>;
    sink: ObjectSink<T>;
    observer: ReflectorObserver;
    backoff: BackoffPolicy;
  }) {
    this.#client = options.client;
    this.#resource = options.resource;
    this.#labelSelector = options.labelSelector;
    this.#optional = options.optional ?? false;
    this.#streamed = options.streamed ?? false;
    this.#decode = options.decode;
    this.#sink = options.sink;
    this.#observer = options.observer;
    this.#backoff = options.backoff;
  }

  /** Runs until the signal is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#attempt += 1;
      try {
        await this.#follow(signal);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        this.#handle(error);
      }
      if (this.#attempt > 0) {
        await this.#pause.wait(
          backoffDelay(this.#backoff, this.#attempt),
          signal,
        );
      }
    }
  }

  /** Tries again now, e.g. because the cluster was seen to answer. */
  wake(): void {
    this.#pause.wake();
  }

  /** One list, if due, and one watch to its end. */
  async #follow(signal: AbortSignal): Promise<void> {
    if (
      this.#optional &&
      !(await this.#client.serves(this.#resource, { signal }))
    ) {
      this.#version = undefined;
      this.#sink.retainOnly(new Set());
      this.#listed();
      await this.#pause.wait(this.#backoff.maxMs, signal);
      this.#attempt = 0;
      return;
    }
    if (this.#version === undefined && (await this.#streams(signal))) {
      try {
        await this.#watch(undefined, signal);
        return;
      } catch (error) {
        if (!isRefusal(error)) {
          throw error;
        }
        this.#streamed = false;
      }
    }
    if (this.#version === undefined) {
      this.#version = await this.#list(signal);
      this.#listed();
    } else if (this.#failing) {
      // A watch is silent when all is well: one cheap request proves it.
      await this.#probe(signal);
    }
    await this.#watch(this.#version ?? '0', signal);
  }

  async #list(signal: AbortSignal): Promise<string | undefined> {
    const seen = new Set<string>();
    let version: string | undefined;
    for await (const page of this.#client.list<T>(this.#resource, {
      labelSelector: this.#labelSelector,
      signal,
    })) {
      for (const object of page.items) {
        seen.add(objectKey(object));
        this.#sink.upsert(object);
      }
      version = page.resourceVersion;
    }
    // An abort may end the pages early; what was not listed is not gone.
    signal.throwIfAborted();
    this.#sink.retainOnly(seen);
    return version;
  }

  async #probe(signal: AbortSignal): Promise<void> {
    for await (const page of this.#client.list<T>(this.#resource, {
      labelSelector: this.#labelSelector,
      limit: 1,
      signal,
    })) {
      if (page) {
        return;
      }
    }
  }

  /** Servers before 1.27 would not refuse what they do not know. */
  async #streams(signal: AbortSignal): Promise<boolean> {
    if (!this.#streamed) {
      return false;
    }
    try {
      const { minor } = await this.#client.version({ signal });
      return Number.parseInt(minor, 10) >= FIRST_MINOR_TO_REFUSE;
    } catch {
      // The list will tell what is wrong.
      return false;
    }
  }

  /** Without a version everything that exists is told first. */
  async #watch(
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const startedAt = performance.now();
    let existing = version === undefined ? new Set<string>() : undefined;
    const proven = setTimeout(() => {
      if (!existing) {
        this.#works();
      }
    }, WATCH_PROVEN_MS);
    proven.unref();
    try {
      for await (const event of this.#client.watch<T>(this.#resource, {
        labelSelector: this.#labelSelector,
        decode: this.#decode,
        signal,
        ...(version === undefined
          ? { initialEvents: true }
          : { resourceVersion: version }),
      })) {
        if (existing && event.type === 'BOOKMARK' && event.initialEventsEnd) {
          this.#sink.retainOnly(existing);
          existing = undefined;
          this.#version = event.resourceVersion;
          this.#listed();
        } else {
          this.#take(event, existing);
        }
      }
      if (existing && !signal.aborted) {
        // Pages come through where a long answer does not.
        this.#streamed = false;
      }
    } finally {
      clearTimeout(proven);
      if (!existing && performance.now() - startedAt > SHORT_WATCH_MS) {
        this.#attempt = 0;
      }
    }
  }

  #take(event: WatchEvent<T>, existing: Set<string> | undefined): void {
    if (event.type === 'DELETED') {
      this.#sink.remove(event.object);
      existing?.delete(objectKey(event.object));
    } else if (event.type !== 'BOOKMARK') {
      this.#sink.upsert(event.object);
      existing?.add(objectKey(event.object));
    }
    if (!existing) {
      this.#version =
        event.type === 'BOOKMARK'
          ? event.resourceVersion
          : event.object.metadata.resourceVersion ?? this.#version;
      this.#works();
    }
  }

  #listed(): void {
    this.#observer.listed();
    this.#works();
  }

  #works(): void {
    this.#failing = false;
    this.#observer.working();
  }

  #handle(error: unknown): void {
    const expired = error instanceof KubernetesError && error.status === 410;
    // A list may be told 410 too, when its pages took too long: that one failed.
    if (expired && this.#version !== undefined) {
      this.#version = undefined;
      return;
    }
    this.#failing = true;
    this.#observer.failed(error);
  }
}

/** The server, or the rights, do not allow this kind of request; it may pass another. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof KubernetesError &&
    [400, 403, 405, 422].includes(error.status ?? 0)
  );
}
