import type {
  CheckReport,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Messages } from '../../hooks';
import { groupFindings } from './findingWords';

/**
 * Why the environment does not let the upgrade go on, or undefined.
 *
 * A blocker of one workload only takes that workload out, as long as another
 * one is left; every other blocker and everything undecided stops all.
 */
export function environmentObstacle(
  report: CheckReport,
  subject: UpgradeSubject,
  consents: ReadonlySet<string>,
  t: Messages,
): string | undefined {
  const of = (severity: string) =>
    report.findings.filter(finding => finding.severity === severity);
  const blockers = of('blocker');
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
  const unknown = of('unknown').length;
  if (unknown > 0) {
    return t('environment.undecided', { count: unknown });
  }
  const open = groupFindings(of('consent')).filter(
    ({ key }) => !consents.has(key),
  ).length;
  if (open > 0) {
    return t('environment.consent', { count: open });
  }
  if (!report.passed && blockers.length === 0) {
    return t('environment.notPassedAtAll');
  }
  return undefined;
}
