import type { V1PodSpec } from '@kubernetes/client-node';
import {
  passed,
  warning,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { parse } from 'yaml';
import type { SidecarCheck } from '../types';
import { templateOf } from './freshWorkload';
import { proxyContainer } from './proxyContainer';
import { restartCheck } from './restartCheck';
import { trialPod } from './trialPod';
import { workloadName } from './workloadName';

const CONFIG_ANNOTATION = 'proxy.istio.io/config';
const DEFAULT_GRACE_SECONDS = 30;
const DEFAULT_DRAIN = '5s';
const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** A proxy that is killed before it has drained drops the requests that still run. */
export function drainTime(): SidecarCheck {
  return restartCheck({
    id: 'drain-time',
    title: 'Time to drain',
    worst: 'warning',
    async decide(context) {
      const { workload, object } = context;
      const { spec, metadata } = templateOf(object);
      const { pod } = await trialPod(context);
      const grace =
        spec?.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
      const drain =
        drainOf(injectedConfig(pod?.spec)) ??
        drainOf(metadata?.annotations?.[CONFIG_ANNOTATION]) ??
        DEFAULT_DRAIN;
      const says = {
        object: workloadName(workload),
        observed: `terminationGracePeriodSeconds ${grace}, the proxy drains for ${drain}`,
        expected: 'A grace period longer than the drain',
      };
      return grace <= (secondsOf(drain) ?? 0)
        ? [
            warning({
              ...says,
              title: 'Pods are killed while their proxy still drains',
              remedy:
                'Raise terminationGracePeriodSeconds above terminationDrainDuration of the proxy.',
            }),
          ]
        : [passed({ ...says, title: 'The proxy has time to drain' })];
    },
  });
}

/** The mesh's settings and the pod's own together, as istiod hands them to the proxy. */
function injectedConfig(spec: V1PodSpec | undefined): string | undefined {
  return proxyContainer(spec)?.container.env?.find(
    ({ name }) => name === 'PROXY_CONFIG',
  )?.value;
}

/** Undefined where it is not set, and where the text cannot be read: istiod refuses such a pod itself. */
function drainOf(config: string | undefined): string | undefined {
  try {
    const drain = parse(config ?? '')?.terminationDrainDuration;
    return drain === undefined ? undefined : String(drain);
  } catch {
    return undefined;
  }
}

/** Of a duration as Go writes it, e.g. `1m30s`. */
function secondsOf(duration: string): number | undefined {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.length > 0
    ? parts.reduce(
        (sum, [, number, unit]) => sum + Number(number) * UNITS[unit],
        0,
      )
    : undefined;
}
