import type {
  CheckFinding,
  CheckReport,
  CheckSeverity,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

const WORST_FIRST: CheckSeverity[] = [
  'blocker',
  'unknown',
  'consent',
  'warning',
  'info',
  'passed',
];

/** Whether an upgrade must not start because of it. */
export function stopsUpgrade({ severity, blocks }: CheckFinding): boolean {
  return severity === 'blocker' || (severity === 'unknown' && blocks === true);
}

/** The findings in order, and what they come to. */
export function checkReport(
  checkedAt: string,
  findings: CheckFinding[],
): CheckReport {
  const sorted = findings.toSorted(worstFirst);
  return {
    checkedAt,
    findings: sorted,
    // Nothing looked at is nothing passed.
    passed: findings.length > 0 && !findings.some(stopsUpgrade),
    consents: [
      ...new Set(
        sorted
          .filter(({ severity }) => severity === 'consent')
          .map(({ id }) => id),
      ),
    ],
  };
}

/** Within a severity by place, so that two reports of the same world are equal. */
function worstFirst(a: CheckFinding, b: CheckFinding): number {
  const place = ({ cluster, workload, check }: CheckFinding) =>
    [cluster ?? '', workload ?? '', check].join(' ');
  return (
    WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity) ||
    place(a).localeCompare(place(b))
  );
}
