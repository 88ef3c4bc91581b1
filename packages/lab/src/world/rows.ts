import type { WorkloadBlueprint, WorkloadKind } from './blueprint';

/** The label by which a namespace asks the default revision for sidecars. */
export const INJECTED = { 'istio-injection': 'enabled' };

type Extras = Partial<WorkloadBlueprint>;

/** The workloads of a namespace; each belongs to the component of its own name unless told. */
export function workloads(
  namespace: string,
  proxy: string,
  rows: Array<
    [name: string, replicas: number, component?: string, extras?: Extras]
  >,
): WorkloadBlueprint[] {
  return rows.map(([name, replicas, component = name, extras = {}]) => ({
    namespace,
    name,
    component,
    kind: 'Deployment' as WorkloadKind,
    replicas,
    proxy,
    ...extras,
  }));
}
