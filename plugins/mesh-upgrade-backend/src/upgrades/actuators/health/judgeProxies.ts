import type { IstiodCounts } from '../../../kubernetes/istiodMetrics';
import type { StepObservation } from '../../types';
import type { ConnectedBefore } from './connectedProxies';
import { lastedMs } from './patience';

/** Some workloads may have been scaled down since the run began. */
const SHARE_THAT_COMES_BACK = 0.9;
/** Proxies knock again with growing pauses, of a minute at most. */
const PATIENCE_MS = 3 * 60_000;
/** Between two looks that are compared. */
const WINDOW_MS = 1_000;
const MAX_ERROR_RATE = 0.05;

/** What is remembered from one look to the next. */
export interface ProxyCourse {
  /** The most that were ever connected, and since when (ISO). */
  most: number;
  mostSince: string;
  /** Where the errors are counted from. */
  pushes: number;
  errors: number;
  countedSince: string;
  /** ISO time since when the rate of errors has been too high. */
  failingSince?: string;
}

export interface ProxyVerdict {
  state: StepObservation['state'];
  message: string;
  course: ProxyCourse;
}

/** Decides whether enough proxies are connected and whether pushes succeed between two looks. */
export function judgeProxies(
  counts: IstiodCounts,
  options: { before: ConnectedBefore; course?: ProxyCourse; now: Date },
): ProxyVerdict {
  const { before, now } = options;
  const { connected } = counts;
  const course = goOn(counts, options);
  const wanted =
    typeof before === 'number' ? Math.ceil(before * SHARE_THAT_COMES_BACK) : 0;
  if (connected < wanted) {
    const patient = lastedMs(course.mostSince, now) < PATIENCE_MS;
    const message = `${connected} of ${before} proxies are connected`;
    return {
      state: patient ? 'moving' : 'failed',
      message: patient
        ? message
        : `${message}, and for ${
            PATIENCE_MS / 60_000
          } minutes no other came back. Unless they were scaled down meanwhile, look at istioctl proxy-status and at the logs of istiod and of the proxies that are missing`,
      course,
    };
  }
  return judgePushes(counts, { ...options, course });
}

function goOn(
  { connected, pushes, errors }: IstiodCounts,
  { course, now }: { course?: ProxyCourse; now: Date },
): ProxyCourse {
  const at = now.toISOString();
  // A replica that went takes its counters with it.
  const restarted =
    course && (pushes < course.pushes || errors < course.errors);
  return {
    failingSince: course?.failingSince,
    ...(course && connected <= course.most
      ? { most: course.most, mostSince: course.mostSince }
      : { most: connected, mostSince: at }),
    ...(course && !restarted
      ? {
          pushes: course.pushes,
          errors: course.errors,
          countedSince: course.countedSince,
        }
      : { pushes, errors, countedSince: at }),
  };
}

function judgePushes(
  { connected, pushes, errors }: IstiodCounts,
  options: { before: ConnectedBefore; course: ProxyCourse; now: Date },
): ProxyVerdict {
  const { before, course, now } = options;
  const clients =
    typeof before === 'number'
      ? `${connected} proxies are connected, ${before} were before`
      : `${connected} proxies are connected`;
  if (lastedMs(course.countedSince, now) < WINDOW_MS) {
    return {
      state: 'moving',
      message: `${clients}; counting errors of pushes`,
      course,
    };
  }
  const failed = errors - course.errors;
  const tried = pushes - course.pushes + failed;
  const seconds = Math.round(lastedMs(course.countedSince, now) / 1000);
  const told = `${clients}; ${failed} of ${tried} pushes failed in ${seconds} s`;
  if (failed > tried * MAX_ERROR_RATE) {
    return failing(told, { pushes, errors, course, now });
  }
  return before === 'unknown'
    ? {
        state: 'unproven',
        message: `${told}; how many were connected before is not known`,
        course,
      }
    : { state: 'done', message: told, course };
}

/** Errors while everything reconnects may pass: they are counted anew. */
function failing(
  told: string,
  {
    pushes,
    errors,
    course,
    now,
  }: { pushes: number; errors: number; course: ProxyCourse; now: Date },
): ProxyVerdict {
  const at = now.toISOString();
  const failingSince = course.failingSince ?? course.countedSince;
  const next = { ...course, pushes, errors, countedSince: at, failingSince };
  return lastedMs(failingSince, now) < PATIENCE_MS
    ? { state: 'moving', message: told, course: next }
    : {
        state: 'failed',
        message: `${told}. Look at istiod's log for what could not be pushed or was rejected`,
        course: next,
      };
}
