import type { KubernetesError } from './KubernetesError';

/** When and how often a read is tried again. */
export interface RetryPolicy {
  /** How often it is tried altogether. */
  attempts: number;
  /** Upper bound of the first pause; it doubles with every attempt. */
  firstPauseMs: number;
  /** Upper bound of every pause that the server did not ask for. */
  longestPauseMs: number;
  /** A server that asks to wait longer than this gets no further attempt. */
  longestRetryAfterMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 4,
  firstPauseMs: 250,
  longestPauseMs: 5_000,
  longestRetryAfterMs: 30_000,
};

/** The certificate will be as wrong a second later. */
const TLS_FAILURE = /CERT|TLS|SSL|SELF_SIGNED|ISSUER|LEAF_SIGNATURE/;

function isPassing(error: KubernetesError): boolean {
  if (error.status === undefined) {
    return !TLS_FAILURE.test(error.reason ?? '');
  }
  return error.status === 429 || error.status >= 500;
}

/**
 * Milliseconds to wait before the next attempt, undefined when there is to be
 * none. Answers about the request itself (401, 403, 404, 409, 422 ...) would
 * only be repeated, so they are final.
 */
export function pauseBeforeRetry(
  error: KubernetesError,
  attempt: number,
  policy: RetryPolicy,
  random: () => number = Math.random,
): number | undefined {
  if (attempt >= policy.attempts || !isPassing(error)) {
    return undefined;
  }
  if (error.retryAfterSeconds !== undefined) {
    const asked = error.retryAfterSeconds * 1000;
    return asked > policy.longestRetryAfterMs
      ? undefined
      : asked + random() * policy.firstPauseMs;
  }
  const bound = Math.min(
    policy.longestPauseMs,
    policy.firstPauseMs * 2 ** (attempt - 1),
  );
  // Half of it is certain, so that a crowd of clients spreads but never hammers.
  return bound / 2 + (random() * bound) / 2;
}
