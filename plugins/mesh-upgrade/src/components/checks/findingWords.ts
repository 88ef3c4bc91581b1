import type {
  CheckFinding,
  CheckSeverity,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Tone } from '../widgets';

export const SEVERITY_TONES: Record<CheckSeverity, Tone> = {
  blocker: 'bad',
  unknown: 'unknown',
  consent: 'warning',
  warning: 'warning',
  info: 'note',
  passed: 'good',
};

/** Worst first, the order of a report. */
export const SEVERITIES: readonly CheckSeverity[] = [
  'blocker',
  'unknown',
  'consent',
  'warning',
  'info',
  'passed',
];

/** Findings that say the same about several clusters or workloads. */
export interface FindingGroup {
  key: string;
  finding: CheckFinding;
  members: CheckFinding[];
}

/** Groups findings by what they say, so that 200 workloads with one reason are one row. */
export function groupFindings(findings: CheckFinding[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const finding of findings) {
    const { check, severity, title, remedy } = finding;
    // A finding about a cluster stands alone: its observed version is the point of it.
    const scope = finding.workload ? '' : finding.cluster ?? '';
    const key = [check, severity, title, remedy, scope].join('\n');
    const group = groups.get(key);
    if (group) {
      group.members.push(finding);
    } else {
      groups.set(key, { key, finding, members: [finding] });
    }
  }
  return [...groups.values()];
}

/** True when a finding stops the upgrade whatever anybody consents to. */
export function stops(finding: CheckFinding): boolean {
  return (
    finding.severity === 'blocker' ||
    (finding.severity === 'unknown' && finding.blocks === true)
  );
}
