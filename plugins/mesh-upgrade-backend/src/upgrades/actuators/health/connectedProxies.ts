import {
  isForbidden,
  metricsProblem,
  readIstiodCounts,
  type IstiodCounts,
} from '../../../kubernetes/istiodMetrics';
import { isReady, livePodsOf } from '../../../kubernetes/pods';
import {
  DEPLOYMENTS,
  type Deployment,
  type Pod,
} from '../../../kubernetes/types';
import type { KubernetesClient } from '../../../clusters/types';
import type { Run, Step } from '../../types';
import type { Look } from '../LookActuator';
import { controlPlaneOf } from './parameters';
import { lastedMs } from './patience';

export const CONNECTED_PROXIES_ACTION = 'connected-proxies';

/** Nothing is changed meanwhile, so that it must be short. */
const UNREADABLE_MS = 2_000;

/** Counts the proxies of a control plane before it is changed, for the health check to compare with. */
export const connectedProxies: Look = {
  action: CONNECTED_PROXIES_ACTION,
  async look(client, step, { signal, now }) {
    const pods = await readyPodsOf(client, step, signal);
    try {
      const { connected, proxies } = await countsOf(client, pods, signal);
      return {
        state: 'done',
        message: `${connected} proxies are connected${byVersion(proxies)}`,
        detail: { connected },
      };
    } catch (error) {
      signal.throwIfAborted();
      const since = step.detail?.since ?? now.toISOString();
      return {
        state:
          isForbidden(error) || lastedMs(since, now) >= UNREADABLE_MS
            ? 'unproven'
            : 'moving',
        message: `How many proxies are connected cannot be read: ${metricsProblem(
          error,
        )}`,
        detail: { since },
      };
    }
  },
};

/** Pods of the step's istiod that answer. */
export async function readyPodsOf(
  client: KubernetesClient,
  step: Step,
  signal: AbortSignal,
): Promise<Pod[]> {
  const { namespace, deployment: name } = controlPlaneOf(step);
  const deployment = await client.get<Deployment>(
    { ...DEPLOYMENTS, namespace, name },
    { signal },
  );
  const pods = await livePodsOf(client, deployment, { signal });
  return pods.filter(isReady);
}

/** What all replicas of an istiod have counted. */
export async function countsOf(
  client: KubernetesClient,
  pods: Pod[],
  signal: AbortSignal,
): Promise<IstiodCounts> {
  if (pods.length === 0) {
    throw new Error('no pod of istiod is Ready');
  }
  return readIstiodCounts(client, pods, signal);
}

/**
 * How many proxies were connected to the step's istiod when the run began.
 * `unknown`: that was not to be read. `none`: it was not there, or is not changed.
 */
export type ConnectedBefore = number | 'unknown' | 'none';

/** See {@link ConnectedBefore}. */
export function connectedBefore(run: Run, step: Step): ConnectedBefore {
  const { namespace, deployment } = controlPlaneOf(step);
  const counted = run.steps.find(
    each =>
      each.action === CONNECTED_PROXIES_ACTION &&
      each.cluster === step.cluster &&
      each.parameters.namespace === namespace &&
      each.parameters.deployment === deployment,
  );
  if (!counted) {
    return 'none';
  }
  const connected = counted.detail?.connected;
  return typeof connected === 'number' ? connected : 'unknown';
}

/** In words, e.g. ` (1.29.4: 40, 1.30.3: 2)`. */
export function byVersion(proxies: Map<string, number>): string {
  const counts = [...proxies]
    .filter(([, count]) => count > 0)
    .map(([version, count]) => `${version}: ${count}`)
    .sort();
  return counts.length > 0 ? ` (${counts.join(', ')})` : '';
}
