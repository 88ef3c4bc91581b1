import {
  compareIstioVersions,
  parseIstioVersion,
  type IstioVersion,
  type WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { versionTone } from './workloadWords';

/** How current the sidecars of some workloads are. */
export interface SidecarSummary {
  /** With a sidecar, whatever its version. */
  meshed: WorkloadView[];
  outdated: WorkloadView[];
  /** Not known to be current nor to be behind. */
  unknown: WorkloadView[];
  /** The oldest version that runs among those that are behind, or among all. */
  oldest?: string;
}

export function summariseSidecars(workloads: WorkloadView[]): SidecarSummary {
  const meshed = workloads.filter(({ sidecar }) => sidecar !== 'none');
  const outdated = meshed.filter(workload => workload.outdated);
  return {
    meshed,
    outdated,
    unknown: meshed.filter(
      workload => !workload.outdated && versionTone(workload) === 'unknown',
    ),
    oldest: oldestOf(outdated.length > 0 ? outdated : meshed),
  };
}

function oldestOf(workloads: WorkloadView[]): string | undefined {
  const readable = workloads
    .flatMap(({ versions }) => versions)
    .flatMap(({ version }) => {
      const parsed = parseIstioVersion(version);
      return parsed ? [{ version, parsed }] : [];
    });
  return readable.sort((a, b) => compare(a.parsed, b.parsed))[0]?.version;
}

/** Families are not compared with each other, so theirs is by name. */
function compare(a: IstioVersion, b: IstioVersion): number {
  return a.family === b.family
    ? compareIstioVersions(a, b)
    : a.family.localeCompare(b.family);
}
