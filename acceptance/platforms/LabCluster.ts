import type { ClusterAccess } from '../ClusterAccess';

/** A cluster of the lab, over plain HTTP. */
export class LabCluster implements ClusterAccess {
  readonly name: string;
  readonly #url: string;

  static create(labUrl: string, name: string): LabCluster {
    return new LabCluster(labUrl, name);
  }

  private constructor(labUrl: string, name: string) {
    this.name = name;
    this.#url = `${labUrl}/clusters/${name}`;
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.#send('GET', path));
  }

  text(path: string): Promise<string> {
    return this.#send('GET', path);
  }

  async post<T>(path: string, body: object): Promise<T> {
    return JSON.parse(await this.#send('POST', path, body, 'application/json'));
  }

  async patch<T>(path: string, body: object): Promise<T> {
    return JSON.parse(
      await this.#send('PATCH', path, body, 'application/merge-patch+json'),
    );
  }

  async delete(path: string): Promise<void> {
    await this.#send('DELETE', path);
  }

  async #send(
    method: string,
    path: string,
    body?: object,
    contentType?: string,
  ): Promise<string> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer lab-${this.name}`,
        ...(contentType && { 'content-type': contentType }),
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw Object.assign(
        new Error(
          `${method} ${this.name}${path}: ${response.status} ${text.slice(
            0,
            500,
          )}`,
        ),
        { status: response.status },
      );
    }
    return text;
  }
}
