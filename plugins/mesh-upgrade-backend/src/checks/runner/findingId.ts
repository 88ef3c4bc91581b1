import { createHash } from 'node:crypto';
import type { CheckFinding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

const LENGTH = 16;

/**
 * The same for the same finding in every report, and another as soon as
 * something else is seen: a consent is to what was seen.
 */
export function findingId(finding: Omit<CheckFinding, 'id'>): string {
  const { check, cluster, workload, severity, evidence } = finding;
  return createHash('sha256')
    .update(
      JSON.stringify([
        check,
        cluster ?? null,
        workload ?? null,
        severity,
        evidence.object,
        evidence.observed,
      ]),
    )
    .digest('hex')
    .slice(0, LENGTH);
}
