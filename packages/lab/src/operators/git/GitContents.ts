import type { Draft } from '../../kubernetes/types';

/** A Git repository that holds manifests. */
export interface GitContents {
  /** The commit of the branch: forty hex digits. */
  commit(): Promise<string>;
  /** The manifests below a folder, in order. */
  manifests(folder: string): Promise<Draft[]>;
}

/** A manifest as plans name objects, such as `HelmRelease istio-system/istiod`. */
export function titleOf({
  kind,
  metadata: { namespace, name },
}: Draft): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
