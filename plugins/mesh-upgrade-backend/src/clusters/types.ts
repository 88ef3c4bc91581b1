import type { ClusterMode } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  AccessQuestion,
  KubernetesObject,
  ObjectRef,
  ResourceType,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';

export type { AccessQuestion, KubernetesObject, ObjectRef, ResourceType };

export interface ListPage<T> {
  items: T[];
  /** Version of the whole list, the same on every page: where a watch continues. */
  resourceVersion: string;
}

export interface SelectOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  signal?: AbortSignal;
}

export type WatchEvent<T> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T }
  | {
      type: 'BOOKMARK';
      resourceVersion: string;
      /** Everything that existed at the start was told. */
      initialEventsEnd?: true;
    };

/**
 * Reads an object out of its protobuf form, which costs the server and the
 * reader a fraction of its JSON form. Throws when the bytes are no such object.
 */
export type ProtobufDecoder<T> = (bytes: Uint8Array) => T;

/** From where a watch tells: what happened since a version, or first everything that exists. */
export type WatchStart =
  | { resourceVersion: string }
  | { initialEvents: true; resourceVersion?: undefined };

export interface WriteOptions {
  /** Nothing is stored, admission runs. */
  dryRun?: boolean;
  fieldManager?: string;
  signal?: AbortSignal;
}

export type PatchType = 'merge' | 'strategic' | 'json' | 'apply';

/**
 * The few verbs this plugin needs of one cluster. Every method rejects with a
 * `KubernetesError` that names cluster, verb, resource and the server's words.
 */
export interface KubernetesClient {
  readonly cluster: string;
  version(options?: {
    signal?: AbortSignal;
  }): Promise<{ gitVersion: string; major: string; minor: string }>;
  /** False when the API server does not serve the resource at all. */
  serves(
    resource: ResourceType,
    options?: { signal?: AbortSignal },
  ): Promise<boolean>;
  get<T extends KubernetesObject>(
    ref: ObjectRef,
    options?: { signal?: AbortSignal },
  ): Promise<T>;
  /** Pages of at most `limit` (default 500) objects, none kept after it was yielded. */
  list<T extends KubernetesObject>(
    resource: ResourceType,
    options?: SelectOptions & { limit?: number },
  ): AsyncIterable<ListPage<T>>;
  /**
   * Events after `resourceVersion`. Ends when the server ends the stream;
   * rejects with status 410 when the version is too old and a relist is due.
   * A connection silent for longer than the server's bookmark cadence ends too.
   * With `decode` the server is asked for protobuf; JSON is taken where it has none.
   */
  watch<T extends KubernetesObject>(
    resource: ResourceType,
    options: SelectOptions & WatchStart & { decode?: ProtobufDecoder<T> },
  ): AsyncIterable<WatchEvent<T>>;
  create<T extends KubernetesObject>(
    resource: ResourceType & { namespace?: string },
    body: object,
    options?: WriteOptions,
  ): Promise<T>;
  patch<T extends KubernetesObject>(
    ref: ObjectRef & { subresource?: string },
    type: PatchType,
    body: object,
    options?: WriteOptions,
  ): Promise<T>;
  delete(
    ref: ObjectRef,
    options?: WriteOptions & {
      uid?: string;
      /** Rejects with status 409 when the object was changed since. */
      resourceVersion?: string;
    },
  ): Promise<void>;
  /** Rejects with status 429 when a PodDisruptionBudget forbids it. */
  evict(
    pod: { namespace: string; name: string; uid?: string },
    options?: WriteOptions,
  ): Promise<void>;
  accessReview(
    question: AccessQuestion,
    options?: { signal?: AbortSignal },
  ): Promise<{ allowed: boolean; reason?: string }>;
  /** What a port of a pod answers to a GET, by way of the API server; needs the verb `get` on `pods/proxy`. */
  podProxy(
    pod: { namespace: string; name: string; port: number },
    path: string,
    options?: { signal?: AbortSignal },
  ): Promise<string>;
  podLog(
    pod: { namespace: string; name: string; container?: string },
    options?: { tailLines?: number; signal?: AbortSignal },
  ): Promise<string>;
}

/** A configured cluster; one whose configuration is unusable says why and has no client. */
export type Cluster = {
  name: string;
  title: string;
  mode: ClusterMode;
} & (
  | { client: KubernetesClient }
  | { client?: undefined; misconfiguration: string; remedy: string }
);

export interface ClusterRegistry {
  list(): Cluster[];
  get(name: string): Cluster | undefined;
}
