import { toError } from '@backstage/errors';
import type { CheckFinding } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { abortable } from './abortable';
import type { Check } from './types';

/** After its time a check may still hand in what it has. */
const GRACE_MS = 200;

/**
 * The findings of one check. One that throws or hangs has decided nothing,
 * which is a finding too.
 */
export async function runCheck<TContext>(
  check: Check<TContext>,
  context: Omit<TContext, 'signal'>,
  options: {
    timeLimitMs: number;
    /** Of the whole report. */
    signal: AbortSignal;
    /** What is looked at, e.g. `mesh shop`. */
    object: string;
    /** Where an undecided finding belongs. */
    place: Pick<CheckFinding, 'cluster' | 'workload'>;
  },
): Promise<CheckFinding[]> {
  const { timeLimitMs, object, place } = options;
  const limit = timeLimit(timeLimitMs, options.signal);
  const grace = new AbortController();
  let graceTimer: NodeJS.Timeout | undefined;
  limit.signal.addEventListener('abort', () => {
    graceTimer = setTimeout(() => grace.abort(limit.signal.reason), GRACE_MS);
  });
  try {
    options.signal.throwIfAborted();
    return await abortable(
      // Inside a promise, so that a check that throws at once is treated alike.
      Promise.resolve().then(() =>
        check.run({ ...context, signal: limit.signal } as TContext),
      ),
      grace.signal,
    );
  } catch (error) {
    return [
      {
        check: check.id,
        severity: 'unknown',
        title: check.title,
        ...place,
        evidence: {
          object,
          observed: `The check could not be made: ${toError(error).message}`,
          expected: 'An answer',
        },
        remedy: 'Remove the cause, then Recheck.',
      },
    ];
  } finally {
    limit.clear();
    clearTimeout(graceTimer);
  }
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
