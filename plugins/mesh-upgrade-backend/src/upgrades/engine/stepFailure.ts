import { toError } from '@backstage/errors';
import { KubernetesError } from '../../clusters/KubernetesError';

/** What a failed request means for the step that made it. */
export interface StepFailure {
  /** The server's own words, with cluster, verb and object. */
  message: string;
  /** Trying again can help. */
  transient: boolean;
  retryAfterSeconds?: number;
}

/** Answers that another try may change: time-out, write conflict, budget or rate limit. */
const TRANSIENT_CLIENT_ERRORS = new Set([408, 409, 429]);
const FINAL_ERRORS = new Set([
  'InputError',
  'NotAllowedError',
  'NotFoundError',
  'NotImplementedError',
]);

/** Decides whether an error ends a step or is waited out. */
export function stepFailure(thrown: unknown): StepFailure {
  const error = toError(thrown);
  if (isKubernetesError(error)) {
    return {
      message: error.message,
      transient:
        error.status === undefined ||
        error.status >= 500 ||
        TRANSIENT_CLIENT_ERRORS.has(error.status),
      retryAfterSeconds: error.retryAfterSeconds,
    };
  }
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return { message: 'The cluster did not answer in time', transient: true };
  }
  return { message: error.message, transient: !FINAL_ERRORS.has(error.name) };
}

/** Narrows an error to one that an API server, or the way to it, caused. */
export function isKubernetesError(error: unknown): error is KubernetesError {
  return error instanceof Error && error.name === 'KubernetesError';
}
