/** @public */
export type CheckSeverity =
  | 'blocker'
  | 'consent'
  | 'warning'
  | 'info'
  | 'unknown'
  | 'passed';

/** An object of a cluster that a finding is about. @public */
export interface CheckedObject {
  kind: string;
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
}

/** @public */
export interface CheckFinding {
  /** The same finding has the same id in every report; what a consent names. */
  id: string;
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
  /** Objects hit, at most 50. */
  objects?: CheckedObject[];
  /** How many objects are hit in all. */
  objectsTotal?: number;
  /** Where more is to be read. */
  link?: { title: string; url: string };
  /** Only of `unknown`: true when an upgrade must not start before it is decided. */
  blocks?: boolean;
}

/** Result of an environment check. @public */
export interface CheckReport {
  /** ISO time. */
  checkedAt: string;
  findings: CheckFinding[];
  /** No blocker, and nothing undecided that blocks. A start also needs every consent. */
  passed: boolean;
  /** Ids of the findings that have to be consented to. */
  consents: string[];
}

/**
 * One line of the live answer of `POST /checks`
 * (`Accept: application/x-ndjson`): first `planned`, then a `result` per check
 * and place as it is decided, last `report` or `error`.
 * @public
 */
export type CheckProgress =
  | {
      type: 'planned';
      checks: { check: string; title: string; cluster?: string }[];
      /** How many workloads each check is about, when it is about workloads. */
      workloads?: number;
    }
  | {
      type: 'result';
      check: string;
      cluster?: string;
      workload?: string;
      findings: CheckFinding[];
    }
  | { type: 'report'; report: CheckReport }
  | { type: 'error'; error: { name: string; message: string } };
