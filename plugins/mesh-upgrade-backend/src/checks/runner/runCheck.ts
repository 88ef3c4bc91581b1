import { toError } from '@backstage/errors';
import type { CheckFinding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  undecided,
  type CheckDescription,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { abortable } from './abortable';
import { findingId } from './findingId';

/** After its time a check may still hand in what it has. */
const GRACE_MS = 200;

/** One check at one place. */
export interface CheckJob {
  check: CheckDescription;
  /** Where its findings belong, unless they say so themselves. */
  place: Pick<CheckFinding, 'cluster' | 'workload'>;
  /** What is looked at, e.g. `mesh shop`. */
  object: string;
  run(signal: AbortSignal): Promise<Finding[]>;
}

/**
 * The findings of one check. One that throws or hangs has decided nothing,
 * which is a finding too.
 */
export async function runCheck(
  job: CheckJob,
  options: {
    timeLimitMs: number;
    /** Of the whole report. */
    signal: AbortSignal;
  },
): Promise<CheckFinding[]> {
  const limit = timeLimit(options.timeLimitMs, options.signal);
  const grace = new AbortController();
  let graceTimer: NodeJS.Timeout | undefined;
  limit.signal.addEventListener('abort', () => {
    graceTimer = setTimeout(() => grace.abort(limit.signal.reason), GRACE_MS);
  });
  try {
    options.signal.throwIfAborted();
    const findings = await abortable(
      // Inside a promise, so that a check that throws at once is treated alike.
      Promise.resolve().then(() => job.run(limit.signal)),
      grace.signal,
    );
    return findings.map(finding => complete(job, finding));
  } catch (error) {
    return [complete(job, notMade(job, toError(error)))];
  } finally {
    limit.clear();
    clearTimeout(graceTimer);
  }
}

function notMade({ check, object }: CheckJob, error: Error): Finding {
  return undecided({
    title: `${check.title}: not decided`,
    object,
    observed: `The check could not be made: ${error.message}`,
    expected: 'An answer',
    remedy: 'Remove the cause, then Recheck.',
  });
}

function complete({ check, place }: CheckJob, finding: Finding): CheckFinding {
  const placed = { ...place, ...finding, check: check.id };
  return {
    ...placed,
    ...(finding.severity === 'unknown' && {
      blocks: finding.blocks ?? check.worst === 'blocker',
    }),
    id: findingId(placed),
  };
}

function timeLimit(milliseconds: number, outer: AbortSignal) {
  const controller = new AbortController();
  const timer = setTimeout(
    () =>
      controller.abort(new Error(`no answer within ${milliseconds / 1000} s`)),
    milliseconds,
  );
  return {
    signal: AbortSignal.any([controller.signal, outer]),
    clear: () => clearTimeout(timer),
  };
}
