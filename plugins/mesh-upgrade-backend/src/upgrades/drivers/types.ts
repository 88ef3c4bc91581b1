import type {
  ControlPlaneView,
  InstallMethod,
  MeshComponentView,
  PlannedChange,
  UpgradePlan,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { JobAccount, RequiredRight } from '../../checks';
import type { KubernetesClient } from '../../clusters/types';
import type { DaemonSet, Deployment } from '../../kubernetes/types';
import type { Step } from '../types';

/** A step as a plan names it; the run adds what happens to it. */
export type PlannedStep = Pick<
  Step,
  'phase' | 'title' | 'cluster' | 'stage' | 'action' | 'workload' | 'parameters'
>;

/** What a driver would do to one control plane. */
export interface DriverPlan {
  changes: PlannedChange[];
  steps: PlannedStep[];
  /** What is left as it is, and why. */
  skipped?: UpgradePlan['skipped'];
  /**
   * The control plane whose health counts in the end, where it is another one
   * than before; `none` for one that is left behind.
   */
  successor?: { name: string; revision: string } | 'none';
}

export interface DriverInput {
  client: KubernetesClient;
  controlPlane: ControlPlaneView;
  /** istiod's Deployment as it is now. */
  deployment: Deployment;
  targetVersion: string;
  signal: AbortSignal;
}

/** Istio's CNI or ztunnel of one cluster, to be upgraded after its control plane. */
export interface NodeAgentInput {
  client: KubernetesClient;
  agent: MeshComponentView;
  daemonSet: DaemonSet;
  targetVersion: string;
  /** It goes back to what it ran before. */
  returning?: boolean;
  signal: AbortSignal;
}

/** Knows how to change control planes that were installed in one way, through what installed them. */
export interface ControlPlaneDriver {
  method: InstallMethod;
  /** @throws InputError with what to do instead, when this one cannot be upgraded from here. */
  plan(input: DriverInput): Promise<DriverPlan>;
  /**
   * Plans the way back from what the steps of a run did; absent where no
   * way back is known to be right.
   * @throws InputError when there is none for this control plane.
   */
  planReturn?(input: DriverInput & { returned: Step[] }): Promise<DriverPlan>;
  /**
   * Absent where node agents are not upgraded from here; empty where
   * upgrading the control plane upgrades them too.
   * @throws InputError with what to do instead.
   */
  planNodeAgent?(input: NodeAgentInput): Promise<DriverPlan>;
  /** What the API server has to allow for the plan to be made and carried out. */
  rights(controlPlane: ControlPlaneView): RequiredRight[];
  /** The account under which a Job does the work, where one does. */
  jobAccount?(controlPlane: ControlPlaneView): JobAccount;
}
