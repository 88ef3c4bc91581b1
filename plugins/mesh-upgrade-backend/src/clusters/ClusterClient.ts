import { setImmediate } from 'node:timers/promises';
import {
  Connection,
  type ApiRequest,
  type ConnectionLimits,
} from './Connection';
import type { ConnectionSettings } from './ConnectionSettings';
import { KubernetesError } from './KubernetesError';
import { announcedToken } from './announcedToken';
import { isProtobuf, PROTOBUF_OR_JSON } from './protobuf';
import { describeAction, groupVersionPath, resourcePath } from './resourcePath';
import type {
  AccessQuestion,
  KubernetesClient,
  KubernetesObject,
  ListPage,
  ObjectRef,
  PatchType,
  ProtobufDecoder,
  ResourceType,
  SelectOptions,
  WatchEvent,
  WatchStart,
  WriteOptions,
} from './types';
import { readProtobufEvents, readWatchEvents } from './watchEvents';

/** How long watches live and how much silence they may keep. */
export interface WatchTimes {
  /** After how many seconds the server is asked to end a watch. */
  timeoutSeconds: number;
  /** A server sends a bookmark about once a minute; longer silence is a dead connection. */
  silenceMs: number;
}

const DEFAULT_WATCH_TIMES: WatchTimes = {
  timeoutSeconds: 300,
  silenceMs: 150_000,
};

const DEFAULT_PAGE_SIZE = 500;
const FIELD_MANAGER = 'mesh-upgrade';

const PATCH_CONTENT_TYPES: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  // JSON is YAML; servers before 1.33 know no other name for an apply.
  apply: 'application/apply-patch+yaml',
};

const PODS: ResourceType = { group: '', version: 'v1', resource: 'pods' };

function writeQuery(options: WriteOptions | undefined): ApiRequest['query'] {
  return {
    dryRun: options?.dryRun ? 'All' : undefined,
    fieldManager: options?.fieldManager ?? FIELD_MANAGER,
  };
}

function selectQuery(options: SelectOptions | undefined): ApiRequest['query'] {
  return {
    labelSelector: options?.labelSelector,
    fieldSelector: options?.fieldSelector,
  };
}

function isFormRefused({ status }: KubernetesError): boolean {
  return status === 406 || status === 415;
}

/**
 * Speaks to one API server in raw JSON: objects are parsed once and handed on,
 * because typed models make ten thousand pods several times as expensive. Only
 * watches of who brings a decoder speak protobuf.
 *
 * Reads are repeated when the failure may pass; writes never are. An aborted
 * call rejects with the signal's reason, an aborted watch just ends.
 */
export class ClusterClient implements KubernetesClient {
  readonly cluster: string;
  readonly #connection: Connection;
  readonly #watchTimes: WatchTimes;

  static create(options: {
    cluster: string;
    settings: ConnectionSettings;
    limits?: Partial<ConnectionLimits>;
    watchTimes?: Partial<WatchTimes>;
  }): ClusterClient {
    return new ClusterClient(options.cluster, Connection.create(options), {
      ...DEFAULT_WATCH_TIMES,
      ...options.watchTimes,
    });
  }

  private constructor(
    cluster: string,
    connection: Connection,
    watchTimes: WatchTimes,
  ) {
    this.cluster = cluster;
    this.#connection = connection;
    this.#watchTimes = watchTimes;
  }

  async version(options?: { signal?: AbortSignal }) {
    return this.#connection.json<{
      gitVersion: string;
      major: string;
      minor: string;
    }>({
      method: 'GET',
      path: '/version',
      action: 'get version',
      repeatable: true,
      signal: options?.signal,
    });
  }

  async serves(
    resource: ResourceType,
    options?: { signal?: AbortSignal },
  ): Promise<boolean> {
    const groupVersion = groupVersionPath(resource);
    try {
      const served = await this.#connection.json<{
        resources?: { name: string }[];
      }>({
        method: 'GET',
        path: groupVersion,
        action: `discover ${groupVersion}`,
        repeatable: true,
        signal: options?.signal,
      });
      return (served.resources ?? []).some(
        ({ name }) => name === resource.resource,
      );
    } catch (error) {
      if (error instanceof KubernetesError && error.status === 404) {
        return false;
      }
      throw error;
    }
  }

  async get<T extends KubernetesObject>(
    ref: ObjectRef,
    options?: { signal?: AbortSignal },
  ): Promise<T> {
    return this.#connection.json<T>({
      method: 'GET',
      path: resourcePath(ref),
      action: describeAction('get', ref),
      repeatable: true,
      signal: options?.signal,
    });
  }

  /**
   * `continueToken` resumes a list where the server's `metadata.continue` of a former page points.
   * Who took a first page and wants more will want all: from then on the server makes each page
   * while the one before is parsed.
   */
  async *list<T extends KubernetesObject>(
    resource: ResourceType,
    options?: SelectOptions & { limit?: number; continueToken?: string },
  ): AsyncGenerator<ListPage<T>> {
    const target = { ...resource, namespace: options?.namespace };
    const limit = options?.limit ?? DEFAULT_PAGE_SIZE;
    const action = describeAction('list', target);
    const ask = (token: string | undefined) =>
      this.#connection.text({
        method: 'GET',
        path: resourcePath(target),
        query: { ...selectQuery(options), limit, continue: token },
        action,
        repeatable: true,
        signal: options?.signal,
      });
    let next = options?.continueToken;
    let ahead: Promise<string> | undefined;
    let first = true;
    do {
      const text = await (ahead ?? ask(next));
      const announced = first ? undefined : announcedToken(text);
      ahead = announced === undefined ? undefined : ask(announced);
      if (ahead) {
        // Its failure counts when the page is due. Parsing would hold the request back.
        ahead.catch(() => undefined);
        await setImmediate();
      }
      const page = this.#connection.parse<{
        items?: T[] | null;
        metadata?: { resourceVersion?: string; continue?: string };
      }>(text, { action });
      next = page.metadata?.continue;
      first = false;
      yield {
        items: page.items ?? [],
        resourceVersion: page.metadata?.resourceVersion ?? '',
      };
    } while (next);
  }

  async *watch<T extends KubernetesObject>(
    resource: ResourceType,
    options: SelectOptions & WatchStart & { decode?: ProtobufDecoder<T> },
  ): AsyncGenerator<WatchEvent<T>> {
    const { decode } = options;
    const context = {
      cluster: this.cluster,
      action: describeAction('watch', {
        ...resource,
        namespace: options.namespace,
      }),
    };
    let answer;
    try {
      answer = await this.#openWatch(resource, options, context.action);
    } catch (error) {
      if (options.signal?.aborted) {
        return;
      }
      throw error;
    }
    try {
      yield* decode && isProtobuf(answer.contentType)
        ? readProtobufEvents<T>(answer.body, context, decode)
        : readWatchEvents<T>(answer.body, context);
    } finally {
      answer.body.destroy();
    }
  }

  async #openWatch(
    resource: ResourceType,
    options: SelectOptions & WatchStart & { decode?: unknown },
    action: string,
  ) {
    const { timeoutSeconds, silenceMs } = this.#watchTimes;
    const open = (accept: string | undefined) =>
      this.#connection.open(
        {
          method: 'GET',
          path: resourcePath({ ...resource, namespace: options.namespace }),
          query: {
            ...selectQuery(options),
            watch: 1,
            allowWatchBookmarks: true,
            ...(options.resourceVersion === undefined
              ? {
                  sendInitialEvents: true,
                  resourceVersionMatch: 'NotOlderThan',
                }
              : { resourceVersion: options.resourceVersion }),
            timeoutSeconds,
          },
          accept,
          action,
          repeatable: true,
          signal: options.signal,
        },
        { silenceMs },
      );
    if (!options.decode) {
      return open(undefined);
    }
    try {
      return await open(PROTOBUF_OR_JSON);
    } catch (error) {
      // The API server would have taken JSON from the same list; not everything before it does.
      if (error instanceof KubernetesError && isFormRefused(error)) {
        return open(undefined);
      }
      throw error;
    }
  }

  async create<T extends KubernetesObject>(
    resource: ResourceType & { namespace?: string },
    body: object,
    options?: WriteOptions,
  ): Promise<T> {
    const name = (body as Partial<KubernetesObject>).metadata?.name;
    return this.#connection.json<T>({
      method: 'POST',
      path: resourcePath(resource),
      query: writeQuery(options),
      body: { contentType: 'application/json', content: body },
      action: describeAction('create', { ...resource, name }, options),
      repeatable: false,
      signal: options?.signal,
    });
  }

  async patch<T extends KubernetesObject>(
    ref: ObjectRef & { subresource?: string },
    type: PatchType,
    body: object,
    options?: WriteOptions,
  ): Promise<T> {
    return this.#connection.json<T>({
      method: 'PATCH',
      path: resourcePath(ref),
      query: writeQuery(options),
      body: { contentType: PATCH_CONTENT_TYPES[type], content: body },
      action: describeAction('patch', ref, options),
      repeatable: false,
      signal: options?.signal,
    });
  }

  async delete(
    ref: ObjectRef,
    options?: WriteOptions & { uid?: string; resourceVersion?: string },
  ): Promise<void> {
    const { uid, resourceVersion } = options ?? {};
    await this.#connection.text({
      method: 'DELETE',
      path: resourcePath(ref),
      body: {
        contentType: 'application/json',
        content: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          // Without it a Job leaves its pods behind.
          propagationPolicy: 'Background',
          // In the address it would be ignored: a body replaces all of it.
          ...(options?.dryRun && { dryRun: ['All'] }),
          ...((uid || resourceVersion) && {
            preconditions: { uid, resourceVersion },
          }),
        },
      },
      action: describeAction('delete', ref, options),
      repeatable: false,
      signal: options?.signal,
    });
  }

  async evict(
    pod: { namespace: string; name: string; uid?: string },
    options?: WriteOptions,
  ): Promise<void> {
    const { namespace, name, uid } = pod;
    await this.#connection.text({
      method: 'POST',
      path: resourcePath({ ...PODS, namespace, name, subresource: 'eviction' }),
      query: writeQuery(options),
      body: {
        contentType: 'application/json',
        content: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { namespace, name },
          ...(uid && { deleteOptions: { preconditions: { uid } } }),
        },
      },
      action: describeAction('evict', { ...PODS, namespace, name }, options),
      repeatable: false,
      signal: options?.signal,
    });
  }

  async accessReview(
    question: AccessQuestion,
    options?: { signal?: AbortSignal },
  ): Promise<{ allowed: boolean; reason?: string }> {
    const review = await this.#connection.json<{
      status?: { allowed?: boolean; reason?: string; evaluationError?: string };
    }>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        contentType: 'application/json',
        content: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: question },
        },
      },
      action: describeAction(`ask to ${question.verb}`, {
        ...question,
        version: 'v1',
      }),
      repeatable: true,
      signal: options?.signal,
    });
    return {
      allowed: review.status?.allowed === true,
      reason:
        review.status?.reason || review.status?.evaluationError || undefined,
    };
  }

  async podLog(
    pod: { namespace: string; name: string; container?: string },
    options?: { tailLines?: number; signal?: AbortSignal },
  ): Promise<string> {
    const target = {
      ...PODS,
      namespace: pod.namespace,
      name: pod.name,
      subresource: 'log',
    };
    return this.#connection.text({
      method: 'GET',
      path: resourcePath(target),
      query: { container: pod.container, tailLines: options?.tailLines },
      accept: '*/*',
      action: describeAction('get', target),
      repeatable: true,
      signal: options?.signal,
    });
  }

  async podProxy(
    pod: { namespace: string; name: string; port: number },
    path: string,
    options?: { signal?: AbortSignal },
  ): Promise<string> {
    const target = { ...PODS, namespace: pod.namespace, subresource: 'proxy' };
    const proxied = resourcePath({
      ...target,
      name: `${pod.name}:${pod.port}`,
    });
    return this.#connection.text({
      method: 'GET',
      path: `${proxied}/${path}`,
      accept: '*/*',
      action: describeAction('get', { ...target, name: pod.name }),
      repeatable: true,
      signal: options?.signal,
    });
  }

  /** Ends every connection to the server. */
  async close(): Promise<void> {
    await this.#connection.close();
  }
}
