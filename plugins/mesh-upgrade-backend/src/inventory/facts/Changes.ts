/** What has to be projected again. Everything, or the workloads named by `namespace/kind/name`. */
export interface Changes {
  everything: boolean;
  workloads: ReadonlySet<string>;
  controlPlanes: boolean;
}
