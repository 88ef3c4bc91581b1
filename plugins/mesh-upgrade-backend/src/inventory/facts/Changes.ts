/** What has to be projected again. Everything, or the workloads named by `namespace/kind/name`. */
export interface Changes {
  everything: boolean;
  workloads: ReadonlySet<string>;
  /** Control planes, and everything else that is shown of a mesh itself. */
  controlPlanes: boolean;
}
