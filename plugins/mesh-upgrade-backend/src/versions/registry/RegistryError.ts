import { CustomErrorBase } from '@backstage/errors';

/** A registry that did not answer what it was asked about a repository. */
export class RegistryError extends CustomErrorBase {
  name = 'RegistryError' as const;
  /** HTTP status; absent when no answer came or it made no sense. */
  readonly status?: number;
  /** Milliseconds for which the registry asked to be left alone. */
  readonly retryAfterMs?: number;

  constructor(options: {
    /** As configured, e.g. `docker.io/istio/pilot`. */
    repository: string;
    /** What was tried, e.g. `list tags`. */
    action: string;
    /** The registry's own words, free of credentials. */
    words: string;
    status?: number;
    retryAfterMs?: number;
    cause?: unknown;
  }) {
    const status = options.status ? ` (${options.status})` : '';
    super(
      `Registry of ${options.repository}, ${options.action}: ${options.words}${status}`,
      options.cause,
    );
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
