import type { Check, SidecarCheckContext } from './types';
import { workloadFinding } from './workloadFinding';

/** Whether a restart upgrades the sidecars of this workload at all. */
export function restartMethodCheck(): Check<SidecarCheckContext> {
  const id = 'restart-method';
  return {
    id,
    title: 'Restart',
    async run({ workload }) {
      const finding = workloadFinding(id, workload);
      const expected = 'A workload whose restart upgrades its sidecars';
      if (workload.method.kind === 'restart') {
        return [
          finding({
            severity: 'passed',
            title: 'A restart upgrades the sidecars',
            observed: workload.statusReason,
            expected,
            remedy: '',
          }),
        ];
      }
      const reasons = workload.method.blockers.length
        ? workload.method.blockers
        : ['No way to upgrade the sidecars is known.'];
      return reasons.map(reason =>
        finding({
          severity: 'blocker',
          title: 'A restart cannot upgrade the sidecars',
          observed: reason,
          expected,
          remedy: 'Remove the reason, then Recheck; or leave the workload out.',
        }),
      );
    },
  };
}
