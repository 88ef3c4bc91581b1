import { setTimeout as delay } from 'node:timers/promises';
import { adminToken } from '../api/auth';
import type { KubeObject } from '../kubernetes/types';
import type { Lab } from '../startLab';

/** An answer of the lab with its parsed body. */
export interface Answer<T> {
  status: number;
  body: T;
}

const MEDIA_TYPES = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Speaks to one cluster of a lab the way a Kubernetes client does. */
export function clientOf(
  lab: Lab,
  cluster: string,
  token = adminToken(cluster),
) {
  const base = `${lab.url}/clusters/${cluster}`;
  const headers = { authorization: `Bearer ${token}` };

  async function request<T = KubeObject>(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<Answer<T>> {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, 'content-type': contentType },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: response.headers.get('content-type')?.includes('json')
        ? JSON.parse(text)
        : text,
    };
  }

  return {
    request,
    get: <T = KubeObject>(path: string) => request<T>('GET', path),
    list: async <T extends KubeObject = KubeObject>(path: string) =>
      (await request<{ items: T[] }>('GET', path)).body.items,
    patch: <T = KubeObject>(
      path: string,
      body: unknown,
      type: keyof typeof MEDIA_TYPES = 'merge',
    ) => request<T>('PATCH', path, body, MEDIA_TYPES[type]),

    /** The events of a watch until it ends. */
    async watch(
      path: string,
    ): Promise<
      Array<{ type: string; object: KubeObject & { code?: number } }>
    > {
      const response = await fetch(`${base}${path}`, { headers });
      const text = await response.text();
      return text
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line));
    },
  };
}

/** Asks again and again until the answer is the wanted one; throws after ten seconds. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`Not reached in time: ${JSON.stringify(answer)}`);
    }
    await delay(20);
  }
}
