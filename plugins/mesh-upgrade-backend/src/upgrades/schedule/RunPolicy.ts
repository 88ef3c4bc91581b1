import type { RunKind } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';

/** Of Luxon and ISO 8601: Monday is 1. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A time of day, in minutes since midnight. */
export type MinuteOfDay = number;

/** When steps of some runs may begin. */
export interface UpgradeWindow {
  name: string;
  /** Ids; of all meshes when absent. */
  meshes?: string[];
  /** Names; on all clusters when absent. */
  clusters?: string[];
  /** All kinds when absent. */
  kinds?: RunKind[];
  /** On which it opens; it may close on the day after. */
  days: Weekday[];
  from: MinuteOfDay;
  /** Not after `from`: on the day after. */
  to: MinuteOfDay;
  /** IANA name. */
  timeZone: string;
}

/** Which runs somebody else has to agree to. */
export interface ApprovalRule {
  kinds: RunKind[];
  /** Ids; all meshes when absent. */
  meshes?: string[];
}

/** What the operator of the product allows runs to do, and when. */
export interface RunPolicy {
  windows: UpgradeWindow[];
  approval?: ApprovalRule;
  /** Upgraded and proven healthy before any other cluster of their mesh. */
  canaryClusters: string[];
  /** Clusters of a mesh whose control planes are upgraded side by side. */
  clustersAtOnce: number;
  /** Workloads restarted at the same time. */
  concurrency: number;
  /** How long a step may stand still before it fails, in milliseconds. */
  stepTimeoutMs: number;
  /** Why it could not be read; no step begins before it is corrected. */
  problem?: string;
}

/** What holds where nothing is configured. */
export const DEFAULT_POLICY: RunPolicy = {
  windows: [],
  canaryClusters: [],
  clustersAtOnce: 1,
  concurrency: 3,
  stepTimeoutMs: 10 * 60_000,
};
