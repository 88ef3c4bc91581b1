import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cluster } from '../cluster/Cluster';
import { badRequest, unknownResource } from '../kubernetes/errors';
import { findResource, type Resource } from '../kubernetes/resources';
import type { Identity } from './auth';

/** A request for objects of one kind, as its path tells it. */
export interface ResourceRequest {
  cluster: Cluster;
  identity: Identity;
  resource: Resource;
  namespace?: string;
  name?: string;
  subresource?: string;
  query: URLSearchParams;
  req: IncomingMessage;
  res: ServerResponse;
}

/** The part of a request that its path holds; `undefined` when it is no path of objects. */
export function parseResourcePath(
  path: string,
):
  | Pick<ResourceRequest, 'resource' | 'namespace' | 'name' | 'subresource'>
  | undefined {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const root = parts.shift();
  const group = root === 'apis' ? parts.shift() : '';
  const version = parts.shift();
  if (!['api', 'apis'].includes(root ?? '') || !version || !parts.length) {
    return undefined;
  }
  // `/namespaces/x` is the namespace itself, `/namespaces/x/pods` is what lives in it.
  const scoped = parts[0] === 'namespaces' && parts.length >= 3;
  const namespace = scoped ? parts[1] : undefined;
  const [plural, name, subresource] = scoped ? parts.slice(2) : parts;
  const resource = findResource(group ?? '', version, plural);
  if (!resource) {
    throw unknownResource();
  }
  if (subresource && !resource.subresources.includes(subresource)) {
    throw unknownResource();
  }
  if (namespace !== undefined && !resource.namespaced) {
    throw unknownResource();
  }
  return { resource, namespace, name, subresource };
}

const BODY_LIMIT = 3 * 1024 * 1024;

/** The text of a request's body; throws 400 when it is larger than the API server takes. */
export async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > BODY_LIMIT) {
      throw badRequest(`limit is ${BODY_LIMIT}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Parses a JSON body; throws 400 in the API server's words. */
export function parseJson<T>(text: string): T {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized (must be of type JSON): ${
        (error as Error).message
      }`,
    );
  }
}

export function sendJson(res: ServerResponse, code: number, body: unknown) {
  const text = JSON.stringify(body);
  res.writeHead(code, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  res.end(text);
}

export function sendText(res: ServerResponse, code: number, text: string) {
  res.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' });
  res.end(text);
}
