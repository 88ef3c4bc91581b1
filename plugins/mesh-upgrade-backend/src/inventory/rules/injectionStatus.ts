import type { InjectionStatus } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { PodFact } from '../facts/types';
import type { InjectionVerdict } from './injection';

/** Compares what injection would do with what the live pods carry. */
export function injectionStatus(options: {
  verdict: InjectionVerdict;
  pods: PodFact[];
  ambient: boolean;
  /** The template holds the proxy itself. */
  manual: boolean;
}): { status: InjectionStatus; reason: string } {
  const { verdict, pods, ambient, manual } = options;
  if (manual) {
    return {
      status: 'injected',
      reason: 'The pod template holds the proxy itself (manual injection)',
    };
  }
  return verdict.outcome === 'inject'
    ? expectingSidecars(verdict, pods)
    : expectingNone(verdict, pods, ambient);
}

function expectingSidecars(
  verdict: InjectionVerdict & { outcome: 'inject' },
  pods: PodFact[],
): { status: InjectionStatus; reason: string } {
  const without = pods.filter(pod => !hasSidecar(pod)).length;
  if (without > 0) {
    return {
      status: 'pendingRestart',
      reason: `${without} of ${pods.length} pods have no sidecar yet. ${verdict.reason}`,
    };
  }
  const others = pods.filter(
    pod => pod.revision !== undefined && pod.revision !== verdict.revision,
  );
  if (others.length > 0) {
    const revisions = [...new Set(others.map(pod => pod.revision))]
      .sort()
      .join(', ');
    return {
      status: 'pendingRestart',
      reason: `${others.length} of ${pods.length} pods were injected by revision ${revisions}. ${verdict.reason}`,
    };
  }
  return { status: 'injected', reason: verdict.reason };
}

function expectingNone(
  verdict: InjectionVerdict & { outcome: 'none' | 'excluded' },
  pods: PodFact[],
  ambient: boolean,
): { status: InjectionStatus; reason: string } {
  const injected = pods.filter(hasSidecar).length;
  if (injected > 0) {
    return {
      status: 'pendingRestart',
      reason: `${injected} of ${pods.length} pods still carry a sidecar, a new one would not. ${verdict.reason}`,
    };
  }
  if (ambient) {
    return {
      status: 'uninjected',
      reason:
        "Ambient: the node's ztunnel serves the pods, no sidecar is expected",
    };
  }
  return {
    status: verdict.outcome === 'excluded' ? 'excluded' : 'uninjected',
    reason: verdict.reason,
  };
}

/** Ambient pods are served by their node, they carry no sidecar. */
export function hasSidecar({ sidecar }: PodFact): boolean {
  return sidecar === 'container' || sidecar === 'native';
}
