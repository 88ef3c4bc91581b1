import { ResponseError } from '@backstage/errors';
import type { UpgradePlan } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** The id of the run that holds what was to be upgraded, when that is why a start was refused. @public */
export function conflictingRun(error: unknown): string | undefined {
  const runId = conflictField(error, 'runId');
  return typeof runId === 'string' ? runId : undefined;
}

/** The plan as it would be now, when a start was refused because the world has changed. @public */
export function replacedPlan(error: unknown): UpgradePlan | undefined {
  const plan = conflictField(error, 'plan');
  return typeof plan === 'object' && plan !== null && 'hash' in plan
    ? (plan as UpgradePlan)
    : undefined;
}

/** True when the backend refused for want of a permission. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ResponseError && error.statusCode === 403;
}

/** True when what was asked for does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ResponseError && error.statusCode === 404;
}

/** The server's own words rather than the name of the HTTP status. */
export function wordsOf(error: Error): string {
  return error instanceof ResponseError
    ? error.body.error.message || error.message
    : error.message;
}

/** What a colleague needs to look into an error, as plain text; holds no headers and no tokens. */
export function detailsOf(error: Error): string {
  if (!(error instanceof ResponseError)) {
    return `${error.name}: ${error.message}`;
  }
  const { request } = error.body;
  return [
    request && `${request.method} ${request.url}`,
    `${error.statusCode} ${error.statusText}`,
    `${error.body.error.name}: ${error.body.error.message}`,
  ]
    .filter(Boolean)
    .join('\n');
}

function conflictField(error: unknown, field: string): unknown {
  if (!(error instanceof ResponseError) || error.statusCode !== 409) {
    return undefined;
  }
  return (error.body.error as unknown as Record<string, unknown>)[field];
}
