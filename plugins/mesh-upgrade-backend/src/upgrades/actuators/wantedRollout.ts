/** A Deployment or DaemonSet, and the version that all its pods are to run. */
export interface WantedRollout {
  namespace: string;
  name: string;
  version: string;
  signal: AbortSignal;
}
