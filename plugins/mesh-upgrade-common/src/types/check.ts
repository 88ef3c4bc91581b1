/** @public */
export type CheckSeverity =
  | 'blocker'
  | 'consent'
  | 'warning'
  | 'info'
  | 'unknown'
  | 'passed';

/** @public */
export interface CheckFinding {
  /** Id of the check, e.g. `kubernetes-version`. */
  check: string;
  severity: CheckSeverity;
  title: string;
  /** The cluster it is about, when it is about one. */
  cluster?: string;
  /** Workload id, when it is about one. */
  workload?: string;
  /** For clusters out of the supported range. */
  direction?: 'tooLow' | 'tooHigh';
  evidence: { object: string; observed: string; expected: string };
  /** What to do, in words; empty for `passed`. */
  remedy: string;
  /** Versions that would pass, when choosing another one is the remedy. */
  alternatives?: string[];
}

/** Result of an environment check. @public */
export interface CheckReport {
  /** ISO time. */
  checkedAt: string;
  findings: CheckFinding[];
  /** No blocker and nothing undecided. */
  passed: boolean;
}
