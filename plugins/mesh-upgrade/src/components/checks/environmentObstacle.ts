import type {
  CheckReport,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Messages } from '../../hooks';
import { groupFindings, stops } from './findingWords';

/**
 * Why the environment does not let the upgrade go on, or undefined.
 *
 * A blocker of one workload only takes that workload out, as long as another
 * one is left; every other blocker, whatever is undecided and would matter,
 * and each missing consent stops all.
 */
export function environmentObstacle(
  report: CheckReport,
  subject: UpgradeSubject,
  consents: ReadonlySet<string>,
  t: Messages,
): string | undefined {
  const blockers = report.findings.filter(
    ({ severity }) => severity === 'blocker',
  );
  const general = blockers.filter(({ workload }) => !workload);
  if (general.length > 0) {
    const clusters = new Set(
      general.map(({ cluster, title }) => cluster ?? title),
    );
    return t('environment.blocked', {
      count: general.length,
      clusters: [...clusters].join(', '),
    });
  }
  const blocked = new Set(blockers.map(({ workload }) => workload));
  if (subject.kind === 'sidecars' && blocked.size >= subject.workloads.length) {
    return t('environment.noneLeft');
  }
  const undecided = report.findings.filter(
    finding => finding.severity === 'unknown' && stops(finding),
  ).length;
  if (undecided > 0) {
    return t('environment.undecided', { count: undecided });
  }
  const open = groupFindings(
    report.findings.filter(
      ({ id, severity }) => severity === 'consent' && !consents.has(id),
    ),
  ).length;
  if (open > 0) {
    return t('environment.consent', { count: open });
  }
  if (!report.passed && blockers.length === 0) {
    return t('environment.notPassedAtAll');
  }
  return undefined;
}
