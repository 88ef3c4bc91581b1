import { Agent, request } from 'node:http';

/** A user's own connection to a server, kept open as a browser does. */
export class KeepAliveClient {
  readonly #url: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** @throws Error for an answer that is no success */
  async get<T>(path: string): Promise<T> {
    return JSON.parse((await this.timed('GET', path)).text);
  }

  /** Milliseconds from sending the request to the last byte of its answer. */
  async timed(
    method: string,
    path: string,
    body?: { contentType: string; content: object },
  ): Promise<{ text: string; ms: number }> {
    const payload = body && JSON.stringify(body.content);
    const startedAt = performance.now();
    const { status, text } = await new Promise<{
      status: number;
      text: string;
    }>((resolve, reject) => {
      const call = request(
        `${this.#url}${path}`,
        {
          method,
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${this.#token}`,
            ...(body && { 'content-type': body.contentType }),
          },
        },
        answer => {
          let received = '';
          answer
            .setEncoding('utf8')
            .on('data', chunk => {
              received += chunk;
            })
            .on('end', () =>
              resolve({ status: answer.statusCode!, text: received }),
            )
            .on('error', reject);
        },
      );
      call.on('error', reject).end(payload);
    });
    const ms = performance.now() - startedAt;
    if (status < 200 || status > 299) {
      throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    }
    return { text, ms };
  }

  close(): void {
    this.#agent.destroy();
  }
}
