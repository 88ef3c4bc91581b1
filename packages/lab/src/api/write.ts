import { parse as parseYaml } from 'yaml';
import type { Cluster } from '../cluster/Cluster';
import { deletePod } from '../controllers/kubelet';
import { admitPod, schedulePod } from '../controllers/podFactory';
import {
  badRequest,
  conflict,
  invalid,
  methodNotAllowed,
  notFound,
  uidConflict,
  versionConflict,
} from '../kubernetes/errors';
import {
  apiVersionOf,
  NAMESPACES,
  PODS,
  type Resource,
} from '../kubernetes/resources';
import type { Draft, KubeObject, Pod } from '../kubernetes/types';
import { APPLY_PATCH, applyPatch } from './patch/applyPatch';
import { withEphemeralContainers } from './pods/ephemeralContainers';
import { parseJson, readBody, sendJson, type ResourceRequest } from './request';
import { selectionOf } from './selection';
import { validate } from './validation';

function isDryRun(request: ResourceRequest): boolean {
  return request.query.getAll('dryRun').includes('All');
}

/** Parses a body as JSON or, when it says so, as YAML. */
async function readObject(request: ResourceRequest): Promise<KubeObject> {
  const text = await readBody(request.req);
  return request.req.headers['content-type']?.includes('yaml')
    ? parseYaml(text)
    : parseJson(text);
}

/** Answers the creation of an object. */
export async function answerCreate(request: ResourceRequest) {
  const draft = await readObject(request);
  const created = create(request, draft);
  sendJson(request.res, 201, created);
}

function create(request: ResourceRequest, body: Draft): KubeObject {
  const { cluster, resource, namespace } = request;
  const { status, ...rest } = body;
  const metadata: Draft['metadata'] = { ...body.metadata };
  if (resource.namespaced) {
    metadata.namespace = namespace;
    requireNamespace(cluster, namespace);
  }
  if (metadata.resourceVersion) {
    throw badRequest(
      'resourceVersion should not be set on objects to be created',
    );
  }
  if (!metadata.name && metadata.generateName) {
    metadata.name = cluster.generateName(metadata.generateName);
  }
  if (!metadata.name) {
    throw invalid(resource, '', [
      {
        reason: 'FieldValueRequired',
        field: 'metadata.name',
        message: 'Required value: name or generateName is required',
      },
    ]);
  }
  const draft = {
    ...rest,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata,
  };
  validate(cluster, resource, draft);
  if (resource === (PODS as Resource)) {
    return createPod(request, draft as Draft<Pod>);
  }
  return isDryRun(request)
    ? asIfCreated(cluster, draft)
    : cluster.store.create(resource, draft);
}

function createPod(request: ResourceRequest, draft: Draft<Pod>): Pod {
  const admitted = admitPod(request.cluster, draft);
  return isDryRun(request)
    ? (asIfCreated(request.cluster, admitted) as Pod)
    : schedulePod(request.cluster, admitted);
}

function requireNamespace(cluster: Cluster, namespace: string | undefined) {
  if (!namespace) {
    throw methodNotAllowed();
  }
  if (!cluster.store.get(NAMESPACES, undefined, namespace)) {
    throw notFound(NAMESPACES, namespace);
  }
}

function asIfCreated(cluster: Cluster, draft: Draft): KubeObject {
  return {
    ...draft,
    metadata: {
      ...draft.metadata,
      uid: '00000000-0000-4000-8000-000000000000',
      creationTimestamp: cluster.clock.now(),
    },
  } as KubeObject;
}

/** Answers the replacement of an object. */
export async function answerUpdate(request: ResourceRequest) {
  const body = await readObject(request);
  sendJson(
    request.res,
    200,
    change(request, () => body),
  );
}

/** Answers a patch; server-side apply creates what is not there. */
export async function answerPatch(request: ResourceRequest) {
  const { cluster, resource, namespace, name, req, res } = request;
  const text = await readBody(req);
  const mediaType = (req.headers['content-type'] ?? '').split(';')[0].trim();
  if (
    mediaType === APPLY_PATCH &&
    !cluster.store.get(resource, namespace, name!)
  ) {
    sendJson(res, 201, create(request, parseYaml(text)));
    return;
  }
  sendJson(
    res,
    200,
    change(request, current => applyPatch(resource, mediaType, current, text)),
  );
}

function change(
  request: ResourceRequest,
  make: (current: KubeObject) => KubeObject,
): KubeObject {
  const { cluster, resource, namespace, name, subresource } = request;
  const current = cluster.store.get(resource, namespace, name!);
  if (!current) {
    throw notFound(resource, name!);
  }
  const shown = subresource === 'scale' ? scaleOf(current) : current;
  const wanted = make(shown);
  const version = wanted.metadata?.resourceVersion;
  if (version && version !== current.metadata.resourceVersion) {
    throw conflict(resource, name!);
  }
  const uid = wanted.metadata?.uid;
  if (uid && uid !== current.metadata.uid) {
    throw invalid(resource, name!, [
      {
        reason: 'FieldValueInvalid',
        field: 'metadata.uid',
        message: `Invalid value: "${uid}": field is immutable`,
      },
    ]);
  }
  const next = takenOver(subresource, current, wanted, resource);
  validate(
    cluster,
    resource,
    next,
    subresource === 'ephemeralcontainers' ? next : current,
  );
  const result = isDryRun(request)
    ? next
    : cluster.store.update(resource, namespace, name!, () => next);
  return subresource === 'scale' ? scaleOf(result) : result;
}

/** What of a written object counts: the endpoint decides, and identity never changes. */
function takenOver(
  subresource: string | undefined,
  current: KubeObject,
  wanted: KubeObject,
  resource: Resource,
): KubeObject {
  switch (subresource) {
    case 'status':
      return { ...current, status: wanted.status };
    case 'scale':
      return {
        ...current,
        spec: {
          ...(current.spec as object),
          replicas: (wanted.spec as { replicas: number }).replicas,
        },
      };
    case 'ephemeralcontainers':
      return withEphemeralContainers(current as Pod, wanted as Pod);
    default:
  }
  const { name, namespace, uid, creationTimestamp, generation } =
    current.metadata;
  const next: KubeObject = {
    ...wanted,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata: {
      ...wanted.metadata,
      name,
      ...(namespace && { namespace }),
      uid,
      creationTimestamp,
      ...(generation !== undefined && { generation }),
      resourceVersion: current.metadata.resourceVersion,
    },
  };
  if (resource.subresources.includes('status')) {
    if (current.status === undefined) {
      delete next.status;
    } else {
      next.status = current.status;
    }
  }
  return next;
}

function scaleOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } =
    object.metadata;
  const { replicas } = object.spec as { replicas?: number };
  const status = object.status as { replicas?: number } | undefined;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: replicas ?? 1 },
    status: { replicas: status?.replicas ?? 0 },
  };
}

/** Answers `get`, also of a subresource. */
export function answerGet(request: ResourceRequest) {
  const { cluster, resource, namespace, name, subresource, res } = request;
  const object = cluster.store.get(resource, namespace, name!);
  if (!object) {
    throw notFound(resource, name!);
  }
  sendJson(res, 200, subresource === 'scale' ? scaleOf(object) : object);
}

interface DeleteOptions {
  gracePeriodSeconds?: number;
  dryRun?: string[];
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** Answers the deletion of one object. */
export async function answerDelete(request: ResourceRequest) {
  const { cluster, resource, namespace, name, query, res } = request;
  const text = await readBody(request.req);
  const options: DeleteOptions = text ? parseJson(text) : {};
  const object = cluster.store.get(resource, namespace, name!);
  if (!object) {
    throw notFound(resource, name!);
  }
  const { uid } = object.metadata;
  const wanted = options.preconditions?.uid;
  if (wanted && wanted !== uid) {
    throw uidConflict(resource, name!, { wanted, actual: uid });
  }
  const { resourceVersion } = options.preconditions ?? {};
  if (resourceVersion && resourceVersion !== object.metadata.resourceVersion) {
    throw versionConflict(resource, name!, {
      wanted: resourceVersion,
      actual: object.metadata.resourceVersion,
    });
  }
  const grace = query.has('gracePeriodSeconds')
    ? Number(query.get('gracePeriodSeconds'))
    : options.gracePeriodSeconds;
  // A body replaces the options of the address.
  const isDry = text ? options.dryRun?.includes('All') : isDryRun(request);
  if (!isDry) {
    removeObject(cluster, resource, object, grace);
  }
  if (resource === (PODS as Resource)) {
    sendJson(res, 200, cluster.store.get(PODS, namespace, name!) ?? object);
    return;
  }
  sendJson(res, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(resource.group && { group: resource.group }),
      kind: resource.plural,
      uid,
    },
  });
}

/** Answers the deletion of all objects that a selection matches. */
export async function answerDeleteCollection(request: ResourceRequest) {
  const { cluster, resource, namespace, res } = request;
  await readBody(request.req);
  const doomed = cluster.store
    .list(resource, namespace)
    .filter(selectionOf(request));
  if (!isDryRun(request)) {
    doomed.forEach(object => removeObject(cluster, resource, object));
  }
  sendJson(res, 200, {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: String(cluster.store.version) },
    items: doomed,
  });
}

function removeObject(
  cluster: Cluster,
  resource: Resource,
  object: KubeObject,
  graceSeconds?: number,
) {
  if (resource === (PODS as Resource)) {
    deletePod(cluster, object as Pod, graceSeconds);
    return;
  }
  const { namespace, name } = object.metadata;
  cluster.store.remove(resource, namespace, name);
}
