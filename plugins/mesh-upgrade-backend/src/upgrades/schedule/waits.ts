import type {
  RunApproval,
  RunKind,
  RunWait,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { RunPolicy } from './RunPolicy';
import { isOpen, nextOpening, windowsFor } from './windows';

/** What a run waits for before its first step; undefined when it may begin. */
export function startWait(
  run: { startAt?: string; approval?: RunApproval },
  now: Date,
): RunWait | undefined {
  if (run.approval && run.approval.decision !== 'approved') {
    return {
      kind: 'approval',
      message: 'Waits for the approval of somebody else than who started it',
    };
  }
  if (run.startAt !== undefined && Date.parse(run.startAt) > now.getTime()) {
    return {
      kind: 'time',
      until: run.startAt,
      message: `Changes nothing before ${run.startAt}`,
    };
  }
  return undefined;
}

/**
 * What steps on some clusters wait for before they may begin; undefined when
 * those of one of the clusters may.
 */
export function windowWait(
  run: { kind: RunKind; meshes: string[] },
  clusters: Iterable<string>,
  options: { policy: RunPolicy; now: Date },
): RunWait | undefined {
  const { policy, now } = options;
  if (policy.problem !== undefined) {
    return {
      kind: 'window',
      message: `Nothing begins before the configuration is corrected. ${policy.problem}`,
    };
  }
  let soonest: { at: Date; name: string } | undefined;
  for (const cluster of new Set(clusters)) {
    const windows = windowsFor(policy.windows, {
      kind: run.kind,
      meshes: run.meshes,
      cluster,
    });
    if (windows.length === 0 || windows.some(window => isOpen(window, now))) {
      return undefined;
    }
    for (const window of windows) {
      const at = nextOpening(window, now);
      if (at && (!soonest || at < soonest.at)) {
        soonest = { at, name: window.name };
      }
    }
  }
  return {
    kind: 'window',
    until: soonest?.at.toISOString(),
    message: soonest
      ? `No window is open; '${
          soonest.name
        }' opens at ${soonest.at.toISOString()}`
      : 'No window is open, and none opens within two weeks',
  };
}
