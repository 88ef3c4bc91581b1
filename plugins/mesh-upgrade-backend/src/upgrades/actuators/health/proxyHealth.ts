import {
  isForbidden,
  metricsProblem,
  type IstiodCounts,
} from '../../../kubernetes/istiodMetrics';
import type { StepObservation } from '../../types';
import {
  byVersion,
  connectedBefore,
  countsOf,
  readyPodsOf,
} from './connectedProxies';
import { judgeProxies, type ProxyCourse } from './judgeProxies';
import type { Look } from '../LookActuator';
import { lastedMs } from './patience';

export const PROXY_HEALTH_ACTION = 'proxy-health';

/** An istiod that has just become Ready may not answer its metrics yet. */
const UNREADABLE_MS = 10_000;

/** Whether the proxies came back to the new istiod and get their configuration. */
export const proxyHealth: Look = {
  action: PROXY_HEALTH_ACTION,
  async look(client, step, { signal, now, run }) {
    const before = connectedBefore(run, step);
    const pods = await readyPodsOf(client, step, signal);
    let counts: IstiodCounts;
    try {
      counts = await countsOf(client, pods, signal);
    } catch (error) {
      signal.throwIfAborted();
      return unreadable(error, {
        detail: step.detail,
        now,
        wasReadable: before !== 'unknown',
      });
    }
    const { state, message, course } = judgeProxies(counts, {
      before,
      course: step.detail?.course as ProxyCourse | undefined,
      now,
    });
    return {
      state,
      message: `${message}${byVersion(counts.proxies)}`,
      ...(typeof before === 'number' && {
        progress: { done: Math.min(counts.connected, before), total: before },
      }),
      detail: { course },
    };
  },
};

function unreadable(
  error: unknown,
  {
    detail,
    now,
    wasReadable,
  }: {
    detail?: Record<string, unknown>;
    now: Date;
    /** Else there is nothing to hope for. */
    wasReadable: boolean;
  },
): StepObservation {
  const since = detail?.unreadableSince ?? now.toISOString();
  const message = `Connected proxies and errors of pushes cannot be read: ${metricsProblem(
    error,
  )}`;
  return isForbidden(error) ||
    !wasReadable ||
    lastedMs(since, now) >= UNREADABLE_MS
    ? { state: 'unproven', message }
    : {
        state: 'moving',
        message,
        detail: { ...detail, unreadableSince: since },
      };
}
