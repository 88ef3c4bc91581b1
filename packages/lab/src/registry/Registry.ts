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
  handle(req: IncomingMessage, res: ServerResponse, url: URL) {
    const { down, status } = this.#knobs();
    if (down) {
      req.socket.destroy();
      return;
    }
    if (status) {
      sendProblem(res, status, 'UNAVAILABLE', 'fault injected by the lab');
      return;
    }
    if (!['GET', 'HEAD'].includes(req.method ?? '')) {
      sendProblem(res, 405, 'UNSUPPORTED', 'the registry is read-only');
      return;
    }
    const match =
      /^\/v2\/(.+)\/(tags\/list|manifests|blobs)(?:\/([^/]+))?$/.exec(
        url.pathname,
      );
    const repository = match?.[1] ?? '';
    if (!isAuthorized(req, repository)) {
      challenge(req, res, repository);
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
      sendTags(res, url, repository);
    } else {
      const reference = decodeURIComponent(match[3] ?? '');
      const document =
        match[2] === 'blobs'
          ? findBlob(repository, reference)
          : findManifest(repository, reference);
      sendDocument(req, res, document);
    }
  }

  #answerRoot(res: ServerResponse, url: URL) {
    if (url.pathname === '/v2/' || url.pathname === '/v2') {
      sendJson(res, 200, {});
    } else {
      sendProblem(res, 404, 'UNSUPPORTED', 'no such endpoint');
    }
  }
}

function isAuthorized(req: IncomingMessage, repository: string): boolean {
  const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];
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
) {
  const parameters = [
    `realm="http://${req.headers.host}/token"`,
    `service="${SERVICE}"`,
    ...(repository ? [`scope="${scopeOf(repository)}"`] : []),
  ];
  res.setHeader('www-authenticate', `Bearer ${parameters.join(',')}`);
  sendProblem(res, 401, 'UNAUTHORIZED', 'authentication required');
}

function sendTags(res: ServerResponse, url: URL, repository: string) {
  const all = tagsOf(repository)!;
  const last = url.searchParams.get('last');
  const rest = last === null ? all : all.filter(tag => tag > last);
  const limit = url.searchParams.get('n');
  const tags = limit === null ? rest : rest.slice(0, Number(limit));
  if (tags.length > 0 && tags.length < rest.length) {
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
