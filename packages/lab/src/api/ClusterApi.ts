import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cluster } from '../cluster/Cluster';
import {
  ApiError,
  forbidden,
  injectedFault,
  methodNotAllowed,
} from '../kubernetes/errors';
import type { RequestCounts } from '../knobs/RequestCounts';
import type { Resource } from '../kubernetes/resources';
import { reviewAccess, reviewAccessOfOther, REVIEWS } from './accessReview';
import { authenticate, isAllowed, type Identity } from './auth';
import { sendBrokenBody } from './brokenBody';
import { discover, isServed } from './discovery';
import { answerList, ListSnapshots } from './list';
import { evictPod } from './pods/eviction';
import { answerLog } from './pods/log';
import { answerProxy } from './pods/proxy';
import {
  parseJson,
  parseResourcePath,
  readBody,
  sendJson,
  sendText,
  type ResourceRequest,
} from './request';
import { answerWatch, Watches } from './watch';
import {
  answerCreate,
  answerDelete,
  answerDeleteCollection,
  answerGet,
  answerPatch,
  answerUpdate,
} from './write';

const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const REVIEWS_OF_OTHERS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** The Kubernetes API of one cluster. */
export class ClusterApi {
  readonly #cluster: Cluster;
  readonly #requests: RequestCounts;
  readonly #snapshots = new ListSnapshots();
  readonly #watches = new Watches();

  constructor(cluster: Cluster, requests: RequestCounts) {
    this.#cluster = cluster;
    this.#requests = requests;
  }

  /** Makes watches and lists act on knobs that were turned. */
  applyKnobs() {
    const knobs = this.#cluster.knobs();
    if (knobs.unreachable) {
      this.#watches.dropAll();
    } else if (knobs.expireWatches) {
      this.#watches.expireAll();
    }
  }

  /** Tells every client that what it knew is too old. */
  close() {
    this.#watches.expireAll();
    this.#snapshots.clear();
  }

  async handle(req: IncomingMessage, res: ServerResponse, url: URL) {
    const knobs = this.#cluster.knobs();
    this.#count(req, url);
    if (knobs.unreachable) {
      req.socket.destroy();
      return;
    }
    if (knobs.latencyMs) {
      await delay(knobs.latencyMs);
    }
    res.setHeader('date', this.#cluster.clock.date.toUTCString());
    try {
      const identity = authenticate(req, this.#cluster);
      const { errorRate } = knobs;
      if (errorRate && this.#cluster.random() < errorRate.rate) {
        throw injectedFault(errorRate.status);
      }
      if (knobs.brokenBodies) {
        sendBrokenBody(res, knobs.brokenBodies);
        return;
      }
      await this.#route(req, res, url, identity);
    } catch (error) {
      sendError(res, error);
    }
  }

  #count(req: IncomingMessage, url: URL) {
    const { verb, resource } = describeRequest(req, url);
    this.#requests.add(this.#cluster.name, verb, resource);
  }

  async #route(
    req: IncomingMessage,
    res: ServerResponse,
    url: URL,
    identity: Identity,
  ) {
    const cluster = this.#cluster;
    if (['/healthz', '/readyz', '/livez'].includes(url.pathname)) {
      sendText(res, 200, 'ok');
      return;
    }
    refuseProtobuf(req);
    if (url.pathname === ACCESS_REVIEWS) {
      const review = parseJson<object>(await readBody(req));
      sendJson(res, 201, reviewAccess(cluster, identity, review));
      return;
    }
    if (url.pathname === REVIEWS_OF_OTHERS) {
      const review = parseJson<object>(await readBody(req));
      sendJson(res, 201, reviewAccessOfOther(cluster, identity, review));
      return;
    }
    const document = discover(cluster, url.pathname);
    if (document) {
      sendJson(res, 200, document);
      return;
    }
    const target = parseResourcePath(url.pathname);
    if (!target) {
      sendText(res, 404, '404 page not found\n');
      return;
    }
    if (!isServed(cluster, target.resource)) {
      sendText(res, 404, '404 page not found\n');
      return;
    }
    await this.#answer(
      {
        ...target,
        cluster,
        identity,
        query: url.searchParams,
        req,
        res,
      },
      url.pathname,
    );
  }

  async #answer(request: ResourceRequest, path: string) {
    const verb = verbOf(request);
    authorize(request, verb);
    switch (verb) {
      case 'watch':
        return answerWatch(request, this.#watches);
      case 'list':
        return answerList(request, this.#snapshots);
      case 'get':
        switch (request.subresource) {
          case 'log':
            return answerLog(request);
          case 'proxy':
            return answerProxy(request, path);
          default:
            return answerGet(request);
        }
      case 'create':
        return request.subresource === 'eviction'
          ? answerEviction(request)
          : answerCreate(request);
      case 'update':
        return answerUpdate(request);
      case 'patch':
        return answerPatch(request);
      case 'delete':
        return answerDelete(request);
      default:
        return answerDeleteCollection(request);
    }
  }
}

function refuseProtobuf(req: IncomingMessage) {
  if (req.headers['content-type']?.includes('protobuf')) {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    );
  }
}

function withSubresource(resource: Resource, subresource?: string): string {
  return subresource ? `${resource.plural}/${subresource}` : resource.plural;
}

/** What a request asks for, also when nothing answers it. */
function describeRequest(req: IncomingMessage, url: URL) {
  const other = { verb: 'get', resource: url.pathname };
  if (url.pathname === ACCESS_REVIEWS) {
    return { verb: 'create', resource: 'selfsubjectaccessreviews' };
  }
  if (url.pathname === REVIEWS_OF_OTHERS) {
    return { verb: 'create', resource: REVIEWS.plural };
  }
  try {
    const target = parseResourcePath(url.pathname);
    return target
      ? {
          verb: verbOf({ ...target, req, query: url.searchParams }),
          resource: withSubresource(target.resource, target.subresource),
        }
      : other;
  } catch {
    return other;
  }
}

function verbOf({
  req,
  name,
  subresource,
  query,
}: Pick<ResourceRequest, 'req' | 'name' | 'subresource' | 'query'>): string {
  const watch = ['1', 'true'].includes(query.get('watch') ?? '');
  switch (req.method) {
    case 'GET':
      if (watch) {
        return 'watch';
      }
      return name ? 'get' : 'list';
    case 'POST':
      // Only an eviction is posted to an object.
      if (name === undefined || subresource === 'eviction') {
        return 'create';
      }
      break;
    case 'PUT':
    case 'PATCH':
      if (name) {
        return req.method === 'PUT' ? 'update' : 'patch';
      }
      break;
    case 'DELETE':
      return name ? 'delete' : 'deletecollection';
    default:
  }
  throw methodNotAllowed();
}

function authorize(request: ResourceRequest, verb: string) {
  const { cluster, identity, resource, subresource, namespace, name } = request;
  const action = {
    verb,
    group: resource.group,
    resource: withSubresource(resource, subresource),
    namespace,
    name,
  };
  if (!isAllowed(cluster, identity, action)) {
    throw forbidden({
      user: identity.user,
      verb,
      resource,
      subresource,
      namespace,
      name,
    });
  }
}

async function answerEviction(request: ResourceRequest) {
  const { cluster, namespace = '', name = '', query, req, res } = request;
  const dryRun = query.getAll('dryRun').includes('All');
  const eviction = parseJson<object>(await readBody(req));
  sendJson(res, 201, evictPod(cluster, { namespace, name, dryRun }, eviction));
}

function sendError(res: ServerResponse, error: unknown) {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const known =
    error instanceof ApiError
      ? error
      : new ApiError(
          500,
          'InternalError',
          `Internal error occurred: ${(error as Error).message}`,
        );
  if (known.details?.retryAfterSeconds) {
    res.setHeader('retry-after', String(known.details.retryAfterSeconds));
  }
  sendJson(res, known.code, known.toStatus());
}
