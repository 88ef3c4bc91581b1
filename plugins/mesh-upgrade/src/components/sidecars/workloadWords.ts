import { parseIstioVersion } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  InjectionStatus,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Messages } from '../../hooks';
import type { Tone } from '../widgets';

export const INJECTION_TONES: Record<InjectionStatus, Tone> = {
  injected: 'good',
  uninjected: 'stopped',
  pendingRestart: 'warning',
  excluded: 'stopped',
  unknown: 'unknown',
};

/** How the sidecar version of a workload looks: current, behind, or not known. */
export function versionTone(workload: WorkloadView): Tone {
  if (workload.outdated) {
    return 'upgrade';
  }
  const readable =
    workload.desiredVersion !== undefined &&
    workload.versions.length > 0 &&
    workload.versions.every(
      ({ version }) => parseIstioVersion(version) !== undefined,
    );
  return readable ? 'good' : 'unknown';
}

/** The versions that run now and the one a new pod would get. */
export function versionText(workload: WorkloadView, t: Messages): string {
  const { versions, desiredVersion, outdated } = workload;
  const current = versions
    .map(({ version, pods }) => {
      const name = version === 'unknown' ? t('unknown') : version;
      return versions.length > 1 ? `${name} (${pods})` : name;
    })
    .join(', ');
  if (!outdated) {
    return current || t('none');
  }
  // The arrow stays with the version before it.
  return `${current || t('none')}\u00a0→ ${desiredVersion ?? t('unknown')}`;
}

/** What a selection comes to. */
export interface SelectionSummary {
  workloads: number;
  pods: number;
  restart: WorkloadView[];
  impossible: WorkloadView[];
}

/** Counts a selection by what can be done with it. */
export function summarise(workloads: WorkloadView[]): SelectionSummary {
  const restart = workloads.filter(({ method }) => method.kind === 'restart');
  return {
    workloads: workloads.length,
    pods: workloads.reduce((sum, { pods }) => sum + pods.total, 0),
    restart,
    impossible: workloads.filter(({ method }) => method.kind === 'none'),
  };
}
