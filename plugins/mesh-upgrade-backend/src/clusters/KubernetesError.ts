import { CustomErrorBase } from '@backstage/errors';

/** A request to an API server that did not succeed. */
export class KubernetesError extends CustomErrorBase {
  name = 'KubernetesError' as const;
  readonly cluster: string;
  /** e.g. `patch deployments shop/cart` */
  readonly action: string;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** `Status.reason`, e.g. `Forbidden`; or the transport's code, e.g. `ECONNREFUSED`. */
  readonly reason?: string;
  /** The server's own words. */
  readonly serverMessage: string;
  readonly retryAfterSeconds?: number;

  constructor(options: {
    cluster: string;
    action: string;
    status?: number;
    reason?: string;
    serverMessage: string;
    retryAfterSeconds?: number;
    cause?: Error;
  }) {
    const what = [options.status, options.reason].filter(Boolean).join(' ');
    super(
      `Cluster '${options.cluster}', ${options.action}: ${
        options.serverMessage
      }${what ? ` (${what})` : ''}`,
      options.cause,
    );
    this.cluster = options.cluster;
    this.action = options.action;
    this.status = options.status;
    this.reason = options.reason;
    this.serverMessage = options.serverMessage;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
