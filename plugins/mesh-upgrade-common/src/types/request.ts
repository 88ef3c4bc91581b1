/** What is to be upgraded; the body of `POST /checks`, `POST /plans`. @public */
export type UpgradeSubject =
  | {
      kind: 'mesh';
      meshId: string;
      targetVersion: string;
      /** Id of the run that is taken back: `targetVersion` is the version it started from. */
      returnOf?: string;
    }
  | {
      kind: 'sidecars';
      /** Workload ids; an empty list is refused, it never means "all". */
      workloads: string[];
    }
  | {
      kind: 'leftovers';
      meshId: string;
      /** Leftover ids; an empty list is refused, it never means "all". */
      leftovers: string[];
    };

/** Body of `POST /runs`. @public */
export type StartRunRequest = UpgradeSubject & {
  /** Hash of the plan the user saw; refused with 409 when the world has changed since. */
  planHash: string;
  /** Ids of the findings that the user consents to; a start without one that is asked for is refused. */
  consents?: string[];
  /** ISO time before which nothing is changed. Default: at once. */
  startAt?: string;
  /** Id of the failed or stopped run whose rest this one does. */
  retryOf?: string;
};
