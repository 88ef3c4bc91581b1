/** Identifies a workload on every cluster, as `cluster/namespace/kind/name`. @public */
export interface WorkloadRef {
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
}

/** @public */
export function stringifyWorkloadRef(ref: WorkloadRef): string {
  return `${ref.cluster}/${ref.namespace}/${ref.kind}/${ref.name}`;
}

/** Returns undefined unless the id has exactly four non-empty parts. @public */
export function parseWorkloadRef(id: string): WorkloadRef | undefined {
  const parts = id.split('/');
  if (parts.length !== 4 || parts.some(part => part === '')) {
    return undefined;
  }
  const [cluster, namespace, kind, name] = parts;
  return { cluster, namespace, kind, name };
}
