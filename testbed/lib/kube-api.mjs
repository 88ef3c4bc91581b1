import { Agent, request } from 'node:https';

/** An answer of the API server other than 2xx; `status` is the HTTP status, the message is the server's own. */
export class KubeApiError extends Error {
  constructor(method, path, status, body) {
    super(`${method} ${path}: ${status} ${statusMessage(body)}`);
    this.name = 'KubeApiError';
    this.status = status;
  }
}

function statusMessage(body) {
  try {
    return JSON.parse(body).message ?? body;
  } catch {
    return body;
  }
}

/** The few calls of the Kubernetes API that the testbed needs, as the user the token belongs to. */
export class KubeApi {
  #server;
  #options;

  constructor({ server, ca, token }) {
    this.#server = server;
    this.#options = {
      agent: new Agent({ keepAlive: true, ca }),
      headers: { authorization: `Bearer ${token}` },
    };
  }

  #send(method, path, { body, contentType = 'application/json', signal } = {}) {
    return new Promise((resolve, reject) => {
      const headers = { ...this.#options.headers, accept: 'application/json' };
      const payload = body === undefined ? undefined : JSON.stringify(body);
      if (payload !== undefined)
        Object.assign(headers, {
          'content-type': contentType,
          'content-length': Buffer.byteLength(payload),
        });
      const call = request(
        new URL(path, this.#server),
        { ...this.#options, method, headers, signal },
        resolve,
      );
      call.on('error', reject);
      call.end(payload);
    });
  }

  async text(method, path, options) {
    const response = await this.#send(method, path, options);
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += chunk;
    if (response.statusCode >= 300)
      throw new KubeApiError(method, path, response.statusCode, body);
    return body;
  }

  async #json(method, path, options) {
    return JSON.parse(await this.text(method, path, options));
  }

  get(path) {
    return this.#json('GET', path);
  }

  post(path, body) {
    return this.#json('POST', path, { body });
  }

  mergePatch(path, body) {
    return this.#json('PATCH', path, {
      body,
      contentType: 'application/merge-patch+json',
    });
  }

  delete(path, body) {
    return this.#json('DELETE', path, { body });
  }

  /** Creates the object unless it is there already; an existing one is left as it is. */
  async ensure(path, body) {
    try {
      return await this.post(path, body);
    } catch (error) {
      if (error.status !== 409) throw error;
      return this.get(`${path}/${body.metadata.name}`);
    }
  }

  /** Events of a watch until the server ends it; the caller lists and watches again. */
  async *watch(path, { signal } = {}) {
    const response = await this.#send('GET', path, { signal });
    let rest = '';
    if (response.statusCode >= 300)
      throw new KubeApiError('GET', path, response.statusCode, '');
    for await (const chunk of response.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) yield JSON.parse(line);
    }
  }

  close() {
    this.#options.agent.destroy();
  }
}
