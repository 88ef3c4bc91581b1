import { isError } from '@backstage/errors';
import { z } from 'zod';
import { parseAuthChallenges } from './authChallenge';
import type { ImageRepository } from './ImageRepository';
import { RegistryError } from './RegistryError';
import type { RegistryCredentials } from './readVersionsConfig';
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

/**
 * The requests of one listing: answers a registry's challenge once, keeps the
 * authorization for the pages that follow, bounds time and size, and words
 * what goes wrong.
 */
export class RegistrySession {
  /** e.g. `https://registry.example.com` */
  readonly origin: string;
  readonly #options: {
    repository: ImageRepository;
    plainHttp: boolean;
    credentials?: RegistryCredentials;
    requestTimeoutMs: number;
    bodyBytes: number;
    signal: AbortSignal;
  };
  #authorization?: string;

  constructor(options: {
    repository: ImageRepository;
    plainHttp: boolean;
    credentials?: RegistryCredentials;
    requestTimeoutMs: number;
    bodyBytes: number;
    signal: AbortSignal;
  }) {
    this.#options = options;
    const scheme = options.plainHttp ? 'http' : 'https';
    this.origin = `${scheme}://${options.repository.apiHost}`;
  }

  /**
   * A successful answer.
   *
   * @throws RegistryError for every other.
   */
  async get(
    url: URL,
    action: string,
  ): Promise<{ response: Response; body: string }> {
    let answer = await this.#request(url, action, this.#authorization);
    if (answer.response.status === 401) {
      const challenge = answer.response.headers.get('www-authenticate');
      this.#authorization = await this.#authorize(challenge ?? '');
      if (this.#authorization) {
        answer = await this.#request(url, action, this.#authorization);
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
    const answer = await this.#request(url, action, this.#basic());
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

  async #request(
    url: URL,
    action: string,
    authorization: string | undefined,
  ): Promise<{ response: Response; body: string }> {
    const { requestTimeoutMs, signal } = this.#options;
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    try {
      const response = await fetch(url, {
        headers: {
          accept: 'application/json',
          ...(authorization && { authorization }),
        },
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
          : 'the listing took too long or was cancelled';
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

  #expectOk(
    answer: { response: Response; body: string },
    action: string,
  ): { response: Response; body: string } {
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
    );
  }

  #failure(action: string, words: string, status?: number): RegistryError {
    return new RegistryError({
      repository: this.#options.repository.source,
      action,
      words: this.#withoutSecrets(words),
      status,
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

/** `fetch failed` says nothing; its cause does. */
function transportWords(error: unknown): string {
  const cause = isError(error) && isError(error.cause) ? error.cause : error;
  return isError(cause)
    ? cause.message || String(cause.code ?? cause.name)
    : String(cause);
}
