import { qualifiedName, type Resource } from './resources';

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: object;
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

/** A refusal in the words of the Kubernetes API: its body is a `Status`. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: StatusDetails | undefined;

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: StatusDetails,
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

function detailsOf(resource: Resource, name?: string): StatusDetails {
  return {
    ...(name && { name }),
    ...(resource.group && { group: resource.group }),
    kind: resource.plural,
  };
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

export function notFound(resource: Resource, name: string): ApiError {
  return new ApiError(
    404,
    'NotFound',
    `${qualifiedName(resource)} "${name}" not found`,
    detailsOf(resource, name),
  );
}

export function unknownResource(): ApiError {
  return new ApiError(
    404,
    'NotFound',
    'the server could not find the requested resource',
    {},
  );
}

export function methodNotAllowed(): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function alreadyExists(resource: Resource, name: string): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${qualifiedName(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );
}

export function conflict(
  resource: Resource,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedName(
      resource,
    )} "${name}": ${why}`,
    detailsOf(resource, name),
  );
}

/** A deletion or eviction of an object that was replaced by another of its name. */
export function uidConflict(
  resource: Resource,
  name: string,
  uids: { wanted: string; actual: string },
): ApiError {
  return preconditionConflict(
    resource,
    name,
    `the UID in the precondition (${uids.wanted}) does not match the UID in record (${uids.actual}). The object might have been deleted and then recreated`,
  );
}

export function versionConflict(
  resource: Resource,
  name: string,
  versions: { wanted: string; actual: string },
): ApiError {
  return preconditionConflict(
    resource,
    name,
    `the ResourceVersion in the precondition (${versions.wanted}) does not match the ResourceVersion in record (${versions.actual}). The object might have been modified`,
  );
}

function preconditionConflict(
  resource: Resource,
  name: string,
  why: string,
): ApiError {
  const kind = resource.group
    ? `${resource.kind}.${resource.group}`
    : resource.kind;
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${kind} "${name}": ${why}`,
    detailsOf(resource, name),
  );
}

export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

/** 422 with one cause per broken field. */
export function invalid(
  resource: Resource,
  name: string,
  causes: Array<Required<StatusCause>>,
): ApiError {
  const kind = resource.group
    ? `${resource.kind}.${resource.group}`
    : resource.kind;
  const problems = causes.map(({ field, message }) => `${field}: ${message}`);
  return new ApiError(
    422,
    'Invalid',
    `${kind} "${name}" is invalid: ${
      problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`
    }`,
    {
      ...detailsOf(resource, name),
      kind: resource.kind,
      causes,
    },
  );
}

/** Who is refused what, worded as the RBAC authorizer words it. */
export function forbidden(request: {
  user: string;
  verb: string;
  resource: Resource;
  subresource?: string;
  namespace?: string;
  name?: string;
}): ApiError {
  const { resource, name, subresource } = request;
  const what = subresource
    ? `${resource.plural}/${subresource}`
    : resource.plural;
  const where = request.namespace
    ? `in the namespace "${request.namespace}"`
    : 'at the cluster scope';
  const subject = `${qualifiedName(resource)}${name ? ` "${name}"` : ''}`;
  return new ApiError(
    403,
    'Forbidden',
    `${subject} is forbidden: User "${request.user}" cannot ${request.verb} resource "${what}" in API group "${resource.group}" ${where}`,
    detailsOf(resource, name),
  );
}

const faultReasons: Record<number, [reason: string, message: string]> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden: fault injected by the lab'],
  429: [
    'TooManyRequests',
    'the server has received too many requests and has asked us to try again later',
  ],
  500: ['InternalError', 'Internal error occurred: fault injected by the lab'],
  503: [
    'ServiceUnavailable',
    'the server is currently unable to handle the request',
  ],
};

/** The answer of a cluster that a knob told to fail with this HTTP status. */
export function injectedFault(code: number): ApiError {
  const [reason, message] = faultReasons[code] ?? faultReasons[500];
  return new ApiError(
    code,
    reason,
    message,
    code === 429 ? { retryAfterSeconds: 1 } : undefined,
  );
}
