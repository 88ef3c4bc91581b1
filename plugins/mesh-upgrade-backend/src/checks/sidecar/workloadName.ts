import type { WorkloadView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** How evidence names a workload, e.g. `Deployment shop/cart`. */
export function workloadName(workload: WorkloadView): string {
  return `${workload.kind} ${workload.namespace}/${workload.name}`;
}
