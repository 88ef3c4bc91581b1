import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../api/request';
import type { RegistryKnobs } from '../knobs/Knobs';
import { findBlob, findManifest, type Document } from './manifests';
import { REPOSITORIES, tagsOf } from './repositories';

const SERVICE = 'lab-registry';
const TOKEN_PREFIX = 'lab-registry-';
const TOKEN_SECONDS = 300;

/**
 * A read-only OCI registry with token authentication: a request without a token is told where to
 * get one, and a token is good for the repository it was asked for.
 */
export class Registry {
  readonly #knobs: () => RegistryKnobs;

  constructor(options: { knobs: () => RegistryKnobs }) {
    this.#knobs = options.knobs;
  }

  /** Answers `/token`. */
  issueToken(res: ServerResponse, url: URL) {
    const scope = url.searchParams.get('scope') ?? '';
    const token = TOKEN_PREFIX + Buffer.from(scope).toString('base64url');
    sendJson(res, 200, {
      token,
      access_token: token,
      expires_in: TOKEN_SECONDS,
    });
  }

  /** Answers everything under `/v2/`. */
  async handle(req: IncomingMessage, res: ServerResponse, url: URL) {
    const match =
      /^\/v2\/(.+)\/(tags\/list|manifests|blobs)(?:\/([^/]+))?$/.exec(
        url.pathname,
      );
    const repository = match?.[1] ?? '';
    const knobs = this.#knobsFor(repository);
    if (knobs.latencyMs) {
      await delay(knobs.latencyMs);
    }
    if (answerFault(req, res, knobs)) {
      return;
    }
    if (!['GET', 'HEAD'].includes(req.method ?? '')) {
      sendProblem(res, 405, 'UNSUPPORTED', 'the registry is read-only');
      return;
    }
    if (!isAuthorized(req, repository, knobs.authentication)) {
      challenge(req, res, repository, knobs.authentication);
      return;
    }
    if (!match) {
      this.#answerRoot(res, url);
    } else if (!REPOSITORIES[repository]) {
      sendProblem(
        res,
        404,
        'NAME_UNKNOWN',
        'repository name not known to registry',
      );
    } else if (match[2] === 'tags/list') {
      sendTags(res, url, repository, knobs);
    } else {
      const reference = decodeURIComponent(match[3] ?? '');
      const document =
        match[2] === 'blobs'
          ? findBlob(repository, reference)
          : findManifest(repository, reference, knobs);
      sendDocument(req, res, document);
    }
  }

  /** The faults that hold for a repository. */
  #knobsFor(repository: string): RegistryKnobs {
    const knobs = this.#knobs();
    const holds =
      !knobs.repositories ||
      knobs.repositories.some(prefix => repository.startsWith(prefix));
    return holds ? knobs : { authentication: knobs.authentication };
  }

  #answerRoot(res: ServerResponse, url: URL) {
    if (url.pathname === '/v2/' || url.pathname === '/v2') {
      sendJson(res, 200, {});
    } else {
      sendProblem(res, 404, 'UNSUPPORTED', 'no such endpoint');
    }
  }
}

/** Codes and words of a registry for an HTTP status. */
const PROBLEMS: Record<number, [code: string, message: string]> = {
  401: ['UNAUTHORIZED', 'authentication required'],
  403: ['DENIED', 'requested access to the resource is denied'],
  404: ['NAME_UNKNOWN', 'repository name not known to registry'],
  429: ['TOOMANYREQUESTS', 'pull request limit exceeded'],
  500: ['UNKNOWN', 'unknown error'],
};

/** Answers as a knob wants it; whether one did. */
function answerFault(
  req: IncomingMessage,
  res: ServerResponse,
  { down, status, html, retryAfterSeconds }: RegistryKnobs,
): boolean {
  if (down) {
    req.socket.destroy();
    return true;
  }
  if (html) {
    res.writeHead(200, { 'content-type': 'text/html' });
    res.end('<!DOCTYPE html><html><body>Please log in</body></html>');
    return true;
  }
  if (!status) {
    return false;
  }
  if (retryAfterSeconds !== undefined) {
    res.setHeader('retry-after', String(retryAfterSeconds));
  }
  const [code, message] = PROBLEMS[status] ?? [
    'UNAVAILABLE',
    'fault injected by the lab',
  ];
  sendProblem(res, status, code, message);
  return true;
}

const BASIC = `Basic ${Buffer.from('lab:lab').toString('base64')}`;

function isAuthorized(
  req: IncomingMessage,
  repository: string,
  how: RegistryKnobs['authentication'],
): boolean {
  const { authorization = '' } = req.headers;
  if (how === 'none') {
    return true;
  }
  if (how === 'basic') {
    return authorization === BASIC;
  }
  const token = /^Bearer (.+)$/.exec(authorization)?.[1];
  if (!token?.startsWith(TOKEN_PREFIX)) {
    return false;
  }
  const scope = Buffer.from(
    token.slice(TOKEN_PREFIX.length),
    'base64url',
  ).toString();
  return repository === '' || scope.split(' ').includes(scopeOf(repository));
}

function scopeOf(repository: string): string {
  return `repository:${repository}:pull`;
}

function challenge(
  req: IncomingMessage,
  res: ServerResponse,
  repository: string,
  how: RegistryKnobs['authentication'],
) {
  if (how === 'basic') {
    res.setHeader('www-authenticate', `Basic realm="${SERVICE}"`);
    sendProblem(res, 401, 'UNAUTHORIZED', 'authentication required');
    return;
  }
  const parameters = [
    `realm="http://${req.headers.host}/token"`,
    `service="${SERVICE}"`,
    ...(repository ? [`scope="${scopeOf(repository)}"`] : []),
  ];
  res.setHeader('www-authenticate', `Bearer ${parameters.join(',')}`);
  sendProblem(res, 401, 'UNAUTHORIZED', 'authentication required');
}

/** How many tags a page has when a client does not say; some registries never send more. */
const PAGE = 1000;

function sendTags(
  res: ServerResponse,
  url: URL,
  repository: string,
  knobs: RegistryKnobs,
) {
  const all = tagsOf(repository, knobs)!;
  const last = url.searchParams.get('last');
  const rest =
    last === null || knobs.pagingLoop ? all : all.filter(tag => tag > last);
  const limit = Math.min(Number(url.searchParams.get('n') ?? PAGE), PAGE);
  const tags = rest.slice(0, limit);
  if (tags.length > 0 && (tags.length < rest.length || knobs.pagingLoop)) {
    const next = `/v2/${repository}/tags/list?n=${limit}&last=${encodeURIComponent(
      tags[tags.length - 1],
    )}`;
    res.setHeader('link', `<${next}>; rel="next"`);
  }
  sendJson(res, 200, { name: repository, tags });
}

function sendDocument(
  req: IncomingMessage,
  res: ServerResponse,
  document: Document | undefined,
) {
  if (!document) {
    sendProblem(res, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    return;
  }
  res.writeHead(200, {
    'content-type': document.mediaType,
    'content-length': Buffer.byteLength(document.text),
    'docker-content-digest': document.digest,
  });
  res.end(req.method === 'HEAD' ? undefined : document.text);
}

function sendProblem(
  res: ServerResponse,
  status: number,
  code: string,
  message: string,
) {
  sendJson(res, status, { errors: [{ code, message }] });
}
