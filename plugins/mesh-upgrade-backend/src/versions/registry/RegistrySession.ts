import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseAuthChallenges } from './authChallenge';
import type { ImageRepository } from './ImageRepository';
import { RegistryError } from './RegistryError';
import { readRetryAfter } from './retryAfter';
import type { RegistryTransport } from './transport';
import { transportWords } from './transportWords';
import type { RegistryCredentials } from '../readVersionsConfig';
import { parseJson } from './tagPages';

const tokenSchema = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
});
const errorsSchema = z.object({
  errors: z
    .array(z.object({ code: z.string(), message: z.string().optional() }))
    .min(1),
});
const MAX_WORDS = 300;

export interface SessionOptions {
  repository: ImageRepository;
  transport: RegistryTransport;
  plainHttp: boolean;
  credentials?: RegistryCredentials;
  requestTimeoutMs: number;
  bodyBytes: number;
  /** A registry that asks to wait no longer than this is waited for, once. */
  patienceMs: number;
  signal: AbortSignal;
}

interface Answer {
  response: Response;
  body: string;
}

/**
 * The requests of one question: answers a registry's challenge once, keeps the
 * authorization for the requests that follow, waits shortly when it is asked
 * to, bounds time and size, and words what goes wrong.
 */
export class RegistrySession {
  /** e.g. `https://registry.example.com` */
  readonly origin: string;
  readonly #options: SessionOptions;
  #authorization?: string;

  constructor(options: SessionOptions) {
    this.#options = options;
    const scheme = options.plainHttp ? 'http' : 'https';
    this.origin = `${scheme}://${options.repository.apiHost}`;
  }

  get repository(): ImageRepository {
    return this.#options.repository;
  }

  /**
   * A successful answer.
   *
   * @throws RegistryError for every other.
   */
  async get(
    url: URL,
    action: string,
    accept = 'application/json',
  ): Promise<Answer> {
    const ask = () =>
      this.#patiently(url, action, {
        accept,
        authorization: this.#authorization,
      });
    let answer = await ask();
    if (answer.response.status === 401) {
      const challenge = answer.response.headers.get('www-authenticate');
      this.#authorization = await this.#authorize(challenge ?? '');
      if (this.#authorization) {
        answer = await ask();
      }
    }
    return this.#expectOk(answer, action);
  }

  /** Undefined when the registry asks for nothing that can be given. */
  async #authorize(header: string): Promise<string | undefined> {
    const challenges = parseAuthChallenges(header);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer) {
      return `Bearer ${await this.#fetchToken(bearer.parameters)}`;
    }
    return challenges.some(({ scheme }) => scheme === 'basic')
      ? this.#basic()
      : undefined;
  }

  async #fetchToken(parameters: Record<string, string>): Promise<string> {
    const action = 'ask for a token';
    const url = URL.canParse(parameters.realm ?? '')
      ? new URL(parameters.realm)
      : undefined;
    if (!url) {
      throw this.#failure(action, 'the registry does not say where');
    }
    // A registry reached by TLS must not talk credentials out into the clear.
    const isSafe =
      url.protocol === 'https:' ||
      (url.protocol === 'http:' && this.#options.plainHttp);
    if (!isSafe) {
      throw this.#failure(
        action,
        `the registry sends to ${url.origin}, which is not https`,
      );
    }
    const { name } = this.#options.repository;
    url.searchParams.set(
      'scope',
      parameters.scope ?? `repository:${name}:pull`,
    );
    if (parameters.service) {
      url.searchParams.set('service', parameters.service);
    }
    const answer = await this.#patiently(url, action, {
      accept: 'application/json',
      authorization: this.#basic(),
    });
    const { body } = this.#expectOk(answer, action);
    const parsed = tokenSchema.safeParse(parseJson(body));
    const token = parsed.data?.token ?? parsed.data?.access_token;
    if (!token) {
      throw this.#failure(action, 'the answer holds no token');
    }
    return token;
  }

  #basic(): string | undefined {
    const { credentials } = this.#options;
    if (!credentials) {
      return undefined;
    }
    const pair = `${credentials.username}:${credentials.password}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  }

  /** Registries limit how often they are asked and say when to come back. */
  async #patiently(
    url: URL,
    action: string,
    headers: { accept: string; authorization?: string },
  ): Promise<Answer> {
    const answer = await this.#request(url, action, headers);
    const wait = retryAfterOf(answer.response);
    const { patienceMs, signal } = this.#options;
    if (wait === undefined || wait > patienceMs) {
      return answer;
    }
    await sleep(wait, undefined, { signal }).catch(() => {});
    return this.#request(url, action, headers);
  }

  async #request(
    url: URL,
    action: string,
    headers: { accept: string; authorization?: string },
  ): Promise<Answer> {
    const { requestTimeoutMs, signal, transport } = this.#options;
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    const { accept, authorization } = headers;
    try {
      const response = await transport.request(url, {
        headers: { accept, ...(authorization && { authorization }) },
        signal: AbortSignal.any([signal, timeout]),
      });
      return { response, body: await this.#read(response, action) };
    } catch (error) {
      if (error instanceof RegistryError) {
        throw error;
      }
      if (timeout.aborted || signal.aborted) {
        const words = timeout.aborted
          ? `no answer within ${requestTimeoutMs / 1000} s`
          : 'it took too long or was cancelled';
        throw this.#failure(action, words);
      }
      throw this.#failure(action, transportWords(error));
    }
  }

  async #read(response: Response, action: string): Promise<string> {
    const decoder = new TextDecoder();
    let size = 0;
    let text = '';
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > this.#options.bodyBytes) {
        throw this.#failure(
          action,
          `an answer of more than ${this.#options.bodyBytes} bytes`,
        );
      }
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }

  #expectOk(answer: Answer, action: string): Answer {
    const { response, body } = answer;
    if (response.ok) {
      return answer;
    }
    const retryAfter = response.headers.get('retry-after');
    const hints = [
      response.status === 401 && !this.#options.credentials
        ? 'no credentials are configured for it'
        : undefined,
      retryAfter ? `retry after ${retryAfter}` : undefined,
    ];
    const words = [registryWords(response, body), ...hints];
    throw this.#failure(
      action,
      words.filter(Boolean).join('; '),
      response.status,
      retryAfterOf(response),
    );
  }

  #failure(
    action: string,
    words: string,
    status?: number,
    retryAfterMs?: number,
  ): RegistryError {
    return new RegistryError({
      repository: this.#options.repository.source,
      action,
      words: this.#withoutSecrets(words),
      status,
      retryAfterMs,
    });
  }

  /** A registry may repeat what it was sent. */
  #withoutSecrets(words: string): string {
    const secrets = [
      this.#options.credentials?.password,
      this.#basic()?.replace('Basic ', ''),
      this.#authorization?.replace('Bearer ', ''),
    ];
    return secrets
      .filter((secret): secret is string => Boolean(secret))
      .reduce((text, secret) => text.replaceAll(secret, '***'), words);
  }
}

function registryWords(response: Response, body: string): string {
  const parsed = errorsSchema.safeParse(parseJson(body));
  const words = parsed.success
    ? parsed.data.errors
        .map(({ code, message }) => (message ? `${code}: ${message}` : code))
        .join(', ')
    : response.statusText || 'refused without a reason';
  return words.slice(0, MAX_WORDS);
}

/** Only where it means "not now": too many requests or not available. */
function retryAfterOf(response: Response): number | undefined {
  return response.status === 429 || response.status === 503
    ? readRetryAfter(response.headers.get('retry-after'), Date.now())
    : undefined;
}
