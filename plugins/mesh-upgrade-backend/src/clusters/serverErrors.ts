import { STATUS_CODES } from 'node:http';
import { toError } from '@backstage/errors';
import { KubernetesError } from './KubernetesError';

/** The part of a Kubernetes `Status` that tells what went wrong. */
export interface Status {
  kind?: string;
  code?: number;
  reason?: string;
  message?: string;
  details?: {
    retryAfterSeconds?: number;
    causes?: { reason?: string; message?: string; field?: string }[];
  };
}

/** Which request failed. */
export interface RequestContext {
  cluster: string;
  action: string;
}

const EXCERPT_LENGTH = 200;

/**
 * The beginning of an answer nobody can read, in one line, without markup.
 * Half a JSON document is not quoted: it may be half of a Secret.
 */
function excerpt(text: string): string {
  if (/^\s*[[{]/.test(text)) {
    return `a JSON document that is broken or cut off after ${text.length} characters`;
  }
  const words = text
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (words === '') {
    return 'it is empty';
  }
  return words.length > EXCERPT_LENGTH
    ? `${words.slice(0, EXCERPT_LENGTH)}…`
    : words;
}

function parseStatus(text: string): Status | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'message' in body
      ? (body as Status)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds; the header may hold a number or a date. */
function parseRetryAfter(header: string | undefined): number | undefined {
  if (!header) {
    return undefined;
  }
  const seconds = Number(header);
  if (Number.isFinite(seconds)) {
    return Math.max(0, seconds);
  }
  const date = Date.parse(header);
  return Number.isNaN(date)
    ? undefined
    : Math.max(0, (date - Date.now()) / 1000);
}

/** The causes say what the message leaves out, e.g. which disruption budget. */
function serverWords(status: Status): string {
  const message = status.message ?? '';
  const more = (status.details?.causes ?? []).flatMap(cause =>
    cause.message && !message.includes(cause.message) ? [cause.message] : [],
  );
  return [message, ...more].filter(Boolean).join(' ');
}

/** An error from a `Status`, be it an answer's body or an event of a watch. */
export function errorFromStatus(
  context: RequestContext,
  status: Status,
  answer: { code?: number; retryAfter?: string } = {},
): KubernetesError {
  const code = answer.code ?? status.code;
  return new KubernetesError({
    ...context,
    status: code,
    reason: status.reason,
    serverMessage:
      serverWords(status) ||
      (code && STATUS_CODES[code]) ||
      'the server gave no reason',
    retryAfterSeconds:
      parseRetryAfter(answer.retryAfter) ?? status.details?.retryAfterSeconds,
  });
}

/** An error from an answer outside 2xx, whether the API server or something before it spoke. */
export function errorFromAnswer(
  context: RequestContext,
  answer: { code: number; retryAfter?: string; text: string },
): KubernetesError {
  const status = parseStatus(answer.text);
  if (status) {
    return errorFromStatus(context, status, answer);
  }
  return new KubernetesError({
    ...context,
    status: answer.code,
    reason: STATUS_CODES[answer.code]?.replace(/\W/g, ''),
    serverMessage: `not an answer of a Kubernetes API server: ${excerpt(
      answer.text,
    )}`,
    retryAfterSeconds: parseRetryAfter(answer.retryAfter),
  });
}

/** An error from a successful answer whose body is no JSON object. */
export function errorFromUnreadableBody(
  context: RequestContext,
  answer: { code: number; text: string },
): KubernetesError {
  return new KubernetesError({
    ...context,
    status: answer.code,
    reason: 'UnreadableAnswer',
    serverMessage: `the answer cannot be read: ${excerpt(answer.text)}`,
  });
}

/** An error from a request that got no complete answer. */
export function errorFromTransport(
  context: RequestContext,
  failure: unknown,
): KubernetesError {
  const error: NodeJS.ErrnoException = toError(failure);
  // A host with several addresses fails with one error for each of them.
  const { errors } = error as { errors?: NodeJS.ErrnoException[] };
  const first = errors?.[0] ?? error;
  const code = error.code ?? first.code;
  return new KubernetesError({
    ...context,
    reason: code,
    serverMessage: `no answer: ${first.message || code || 'unknown failure'}`,
    cause: error,
  });
}

/** An error from credentials that cannot be read, before anything was sent. */
export function errorFromCredentials(
  context: RequestContext,
  failure: unknown,
): KubernetesError {
  const error: NodeJS.ErrnoException = toError(failure);
  return new KubernetesError({
    ...context,
    reason: error.code,
    serverMessage: `the cluster's credentials cannot be read: ${error.message}`,
    cause: error,
  });
}
