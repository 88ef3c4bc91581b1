import type {
  CheckFinding,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Fills in what all findings of one check about one workload share. */
export function workloadFinding(check: string, workload: WorkloadView) {
  return (
    says: Pick<CheckFinding, 'severity' | 'title' | 'remedy'> & {
      observed: string;
      expected: string;
      /** What was looked at; default: the workload. */
      object?: string;
    },
  ): CheckFinding => ({
    check,
    severity: says.severity,
    title: says.title,
    cluster: workload.cluster,
    workload: workload.id,
    evidence: {
      object:
        says.object ??
        `${workload.kind} ${workload.namespace}/${workload.name}`,
      observed: says.observed,
      expected: says.expected,
    },
    remedy: says.remedy,
  });
}
