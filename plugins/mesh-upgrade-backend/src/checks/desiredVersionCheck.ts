import type { Check, SidecarCheckContext } from './types';
import { workloadFinding } from './workloadFinding';

/** Whether it is known which version a restarted pod gets. */
export function desiredVersionCheck(): Check<SidecarCheckContext> {
  const id = 'desired-version';
  return {
    id,
    title: 'Version after the restart',
    async run({ workload }) {
      const finding = workloadFinding(id, workload);
      const expected = 'A version that the control plane injects';
      return [
        workload.desiredVersion
          ? finding({
              severity: 'passed',
              title: `New pods get ${workload.desiredVersion}`,
              observed: workload.desiredVersion,
              expected,
              remedy: '',
            })
          : finding({
              severity: 'unknown',
              title: 'Which version new pods would get is not known',
              observed: workload.statusReason,
              expected,
              remedy:
                'Make sure that the control plane which injects this workload runs and that its configuration can be read, then Recheck.',
            }),
      ];
    },
  };
}
