import { isDeepStrictEqual } from 'node:util';
import { kubernetesTime } from '../../Clock';
import { apiVersionOf, type Resource } from '../../kubernetes/resources';
import type { Draft, KubeObject } from '../../kubernetes/types';
import type { Charts } from '../charts/Charts';
import type { GitContents } from '../git/GitContents';
import type { OperatorCluster } from '../Operator';

/** The calls of the Kubernetes API that operators need. */
export interface ObjectApi {
  /** Answers the body. @throws Error with the HTTP `status` for any answer but 2xx. */
  text(
    method: string,
    path: string,
    options: { body?: object },
  ): Promise<string>;
}

/** A real API server, as operators see it. */
export class ApiOperatorCluster implements OperatorCluster {
  readonly charts: Charts;
  readonly git: GitContents;
  readonly #api: ObjectApi;

  constructor(
    api: ObjectApi,
    parts: {
      charts: (cluster: ApiOperatorCluster) => Charts;
      git: GitContents;
    },
  ) {
    this.#api = api;
    this.git = parts.git;
    this.charts = parts.charts(this);
  }

  now() {
    return kubernetesTime(new Date());
  }

  /** Nothing where the kind is not served. */
  async list<T extends KubeObject>(
    resource: Resource<T>,
    namespace?: string,
  ): Promise<readonly T[]> {
    const found = await this.#orUndefined<{ items: T[] }>(
      pathOf(resource, { namespace }),
    );
    return found?.items ?? [];
  }

  get<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
  ): Promise<T | undefined> {
    return this.#orUndefined(pathOf(resource, { namespace, name }));
  }

  create<T extends KubeObject>(
    resource: Resource<T>,
    draft: Draft<T>,
  ): Promise<T> {
    const { namespace } = draft.metadata;
    return this.#send('POST', pathOf(resource, { namespace }), draft);
  }

  async update<T extends KubeObject>(
    resource: Resource<T>,
    { metadata: { namespace, name } }: T,
    change: (current: T) => T,
  ): Promise<T> {
    const path = pathOf(resource, { namespace, name });
    const current = await this.#send<T>('GET', path);
    const next = change(current);
    return isDeepStrictEqual(next, current)
      ? current
      : this.#send('PUT', path, next);
  }

  async writeStatus<T extends KubeObject>(
    resource: Resource<T>,
    { metadata: { namespace, name } }: T,
    status: T['status'],
  ): Promise<void> {
    const path = pathOf(resource, { namespace, name });
    const current = await this.#send<T>('GET', path);
    // What is undefined is not written, and so is never read.
    const wanted = JSON.parse(JSON.stringify(status));
    if (!isDeepStrictEqual(current.status, wanted)) {
      const place = resource.subresources.includes('status') ? '/status' : '';
      await this.#send('PUT', `${path}${place}`, {
        ...current,
        status: wanted,
      });
    }
  }

  async remove(
    resource: Resource,
    { metadata: { namespace, name } }: KubeObject,
  ): Promise<void> {
    await this.#send('DELETE', pathOf(resource, { namespace, name }));
  }

  async #orUndefined<T>(path: string): Promise<T | undefined> {
    try {
      return await this.#send<T>('GET', path);
    } catch (error) {
      if ((error as { status?: number }).status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  async #send<T>(method: string, path: string, body?: object): Promise<T> {
    return JSON.parse(await this.#api.text(method, path, { body }));
  }
}

function pathOf(
  resource: Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>,
  { namespace, name }: { namespace?: string; name?: string },
): string {
  return [
    resource.group ? '/apis' : '/api',
    apiVersionOf(resource),
    ...(resource.namespaced && namespace ? ['namespaces', namespace] : []),
    resource.plural,
    ...(name ? [name] : []),
  ].join('/');
}
