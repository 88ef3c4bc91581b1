import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import limiterFactory, { type Limit } from 'p-limit';
import { Agent, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from 'undici';
import {
  readCredentials,
  type ConnectionSettings,
  type Credentials,
} from './ConnectionSettings';
import { KubernetesError } from './KubernetesError';
import { isProtobuf, openEnvelope, statusFromProtobuf } from './protobuf';
import {
  DEFAULT_RETRY_POLICY,
  pauseBeforeRetry,
  type RetryPolicy,
} from './retryPolicy';
import {
  errorFromAnswer,
  errorFromCredentials,
  errorFromTransport,
  errorFromUnreadableBody,
} from './serverErrors';

export interface ConnectionLimits {
  connectTimeoutMs: number;
  /** Until the first byte of an answer. */
  headersTimeoutMs: number;
  /** Longest pause inside an answer's body; streams name their own. */
  bodyTimeoutMs: number;
  /**
   * Requests under way at the same time, and as many streams that do not
   * stand yet: what lies before a server may hold back the head of an answer
   * until there is something to tell.
   */
  concurrency: number;
  retry: RetryPolicy;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 30_000,
  concurrency: 8,
  retry: DEFAULT_RETRY_POLICY,
};

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the server's base address. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: { contentType: string; content: object };
  accept?: string;
  /** For errors, e.g. `patch deployments shop/cart`. */
  action: string;
  /** Only a request that changes nothing may be repeated. */
  repeatable: boolean;
  signal?: AbortSignal;
}

type Exchange<T> = (answer: Dispatcher.ResponseData) => Promise<T>;

function queryString(query: ApiRequest['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') {
      params.set(key, String(value));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

function singleHeader(value: string | string[] | undefined) {
  return Array.isArray(value) ? value[0] : value;
}

/** Who asks for protobuf gets it for errors too. */
async function errorText({
  body,
  headers,
}: Dispatcher.ResponseData): Promise<string> {
  if (!isProtobuf(singleHeader(headers['content-type']))) {
    return body.text();
  }
  const bytes = await body.bytes();
  try {
    return JSON.stringify(statusFromProtobuf(openEnvelope(bytes)));
  } catch {
    return Buffer.from(bytes).toString();
  }
}

/**
 * One API server over HTTP: credentials, time-outs, a bound on concurrent
 * requests and the repetition of reads. Rejects with a `KubernetesError`, or
 * with the signal's reason when the caller gave up.
 */
export class Connection {
  readonly #cluster: string;
  readonly #settings: ConnectionSettings;
  readonly #limits: ConnectionLimits;
  readonly #limit: Limit;
  readonly #streamLimit: Limit;
  #dispatcher: { tls: Credentials['tls']; value: Dispatcher } | undefined;

  static create(options: {
    cluster: string;
    settings: ConnectionSettings;
    limits?: Partial<ConnectionLimits>;
  }): Connection {
    return new Connection(options.cluster, options.settings, {
      ...DEFAULT_CONNECTION_LIMITS,
      ...options.limits,
    });
  }

  private constructor(
    cluster: string,
    settings: ConnectionSettings,
    limits: ConnectionLimits,
  ) {
    this.#cluster = cluster;
    this.#settings = settings;
    this.#limits = limits;
    this.#limit = limiterFactory(limits.concurrency);
    this.#streamLimit = limiterFactory(limits.concurrency);
  }

  /** The JSON object a successful answer holds. */
  async json<T>(request: ApiRequest): Promise<T> {
    return this.parse(await this.text(request), request);
  }

  /** The JSON object that an answer's body holds; `action` is for the error. */
  parse<T>(text: string, { action }: Pick<ApiRequest, 'action'>): T {
    try {
      const document: unknown = JSON.parse(text);
      if (typeof document === 'object' && document !== null) {
        return document as T;
      }
    } catch {
      // Not JSON at all: reported below like JSON that is no object.
    }
    throw errorFromUnreadableBody(
      { cluster: this.#cluster, action },
      { code: 200, text },
    );
  }

  /** The whole body of a successful answer. */
  async text(request: ApiRequest): Promise<string> {
    return this.#repeat(
      request,
      { limit: this.#limit, bodyTimeoutMs: this.#limits.bodyTimeoutMs },
      answer => answer.body.text(),
    );
  }

  /**
   * The body of a successful answer while it comes, and what it is told to be.
   * It fails when nothing came for `silenceMs`. The caller reads it to its end or destroys it.
   */
  async open(
    request: ApiRequest,
    options: { silenceMs: number },
  ): Promise<{
    body: Dispatcher.ResponseData['body'];
    contentType: string | undefined;
  }> {
    return this.#repeat(
      request,
      { limit: this.#streamLimit, bodyTimeoutMs: options.silenceMs },
      async answer => ({
        body: answer.body,
        contentType: singleHeader(answer.headers['content-type']),
      }),
    );
  }

  /** Ends every connection; requests under way fail. */
  async close(): Promise<void> {
    await this.#dispatcher?.value.destroy();
    this.#dispatcher = undefined;
  }

  async #repeat<T>(
    request: ApiRequest,
    { limit, bodyTimeoutMs }: { limit: Limit; bodyTimeoutMs: number },
    exchange: Exchange<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await limit(() =>
          this.#attempt(request, bodyTimeoutMs, exchange),
        );
      } catch (error) {
        request.signal?.throwIfAborted();
        const pause =
          request.repeatable && error instanceof KubernetesError
            ? pauseBeforeRetry(error, attempt, this.#limits.retry)
            : undefined;
        if (pause === undefined) {
          throw error;
        }
        await sleep(pause, undefined, { signal: request.signal }).catch(() =>
          request.signal?.throwIfAborted(),
        );
      }
    }
  }

  async #attempt<T>(
    request: ApiRequest,
    bodyTimeoutMs: number,
    exchange: Exchange<T>,
  ): Promise<T> {
    request.signal?.throwIfAborted();
    const context = { cluster: this.#cluster, action: request.action };
    const credentials = await readCredentials(this.#settings).catch(error => {
      throw errorFromCredentials(context, error);
    });
    try {
      const base = new URL(this.#settings.url);
      const answer = await this.#dispatcherFor(credentials.tls).request({
        origin: base.origin,
        path: `${base.pathname.replace(/\/$/, '')}${request.path}${queryString(
          request.query,
        )}`,
        method: request.method,
        headers: {
          ...credentials.headers,
          Accept: request.accept ?? 'application/json',
          'User-Agent': 'mesh-upgrade',
          ...(request.body && { 'Content-Type': request.body.contentType }),
        },
        body: request.body && JSON.stringify(request.body.content),
        signal: request.signal,
        headersTimeout: this.#limits.headersTimeoutMs,
        bodyTimeout: bodyTimeoutMs,
      });
      if (answer.statusCode >= 200 && answer.statusCode < 300) {
        return await exchange(answer);
      }
      // Whatever stands before the server may repeat what it was sent.
      const text = credentials.secrets.reduce(
        (rest, secret) => rest.replaceAll(secret, '[secret]'),
        await errorText(answer),
      );
      throw errorFromAnswer(context, {
        code: answer.statusCode,
        retryAfter: singleHeader(answer.headers['retry-after']),
        text,
      });
    } catch (error) {
      throw error instanceof KubernetesError
        ? error
        : errorFromTransport(context, error);
    }
  }

  /** A renewed certificate needs new connections; the old ones end when they are idle. */
  #dispatcherFor(tls: Credentials['tls']): Dispatcher {
    if (!this.#dispatcher || !isDeepStrictEqual(this.#dispatcher.tls, tls)) {
      this.#dispatcher?.value.close().catch(() => undefined);
      this.#dispatcher = { tls, value: this.#createDispatcher(tls) };
    }
    return this.#dispatcher.value;
  }

  #createDispatcher(tls: Credentials['tls']): Dispatcher {
    const { proxyUrl } = this.#settings;
    // HTTP/1.1: with one connection for everything, a stuck stream would take all others with it.
    const common = {
      allowH2: false,
      connectTimeout: this.#limits.connectTimeoutMs,
    };
    if (proxyUrl?.startsWith('socks')) {
      return new Socks5ProxyAgent(proxyUrl, { ...common, requestTls: tls });
    }
    if (proxyUrl) {
      return new ProxyAgent({ ...common, uri: proxyUrl, requestTls: tls });
    }
    return new Agent({
      ...common,
      // Load balancers drop idle connections after a minute; probe before that.
      connect: {
        ...tls,
        timeout: this.#limits.connectTimeoutMs,
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
      },
    });
  }
}
