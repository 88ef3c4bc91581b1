import type { RunWait } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { RunPolicy } from '../schedule/RunPolicy';
import { startWait } from '../schedule/waits';
import type { Run } from '../types';
import { nextSteps } from './nextSteps';

/** What planning and checking a run again gave. */
export type Revalidation =
  | { kind: 'fits' }
  | { kind: 'refused'; why: string }
  /** It could not be decided now. */
  | { kind: 'delayed'; why: string };

export interface TurnOptions {
  now: Date;
  policy: RunPolicy;
  /** Absent while nobody has found out. */
  revalidation?: Revalidation;
}

/** Whether a run that goes on may begin steps, and which. */
export type Turn =
  | { kind: 'begins'; ids: string[]; isRevalidated?: boolean }
  | { kind: 'waits'; wait: RunWait }
  /** It has waited so long that it is planned and checked again first. */
  | { kind: 'revalidates'; message: string }
  | { kind: 'refused'; message: string };

/** A plan as old as this is no longer what the clusters are. */
const FRESH_MS = 60_000;

/** Decides whose turn it is; see {@link Turn}. */
export function turnOf(run: Run, options: TurnOptions): Turn {
  const { now } = options;
  const begun = run.startedAt !== undefined;
  const first = begun ? undefined : startWait(run, now);
  if (first) {
    return { kind: 'waits', wait: first };
  }
  const { ids, wait } = nextSteps(run, options);
  if (wait) {
    return { kind: 'waits', wait };
  }
  const age = now.getTime() - Date.parse(run.createdAt);
  return begun || age <= FRESH_MS
    ? { kind: 'begins', ids }
    : afterRevalidation(ids, options.revalidation);
}

function afterRevalidation(
  ids: string[],
  revalidation: Revalidation | undefined,
): Turn {
  switch (revalidation?.kind) {
    case 'fits':
      return { kind: 'begins', ids, isRevalidated: true };
    case 'refused':
      return {
        kind: 'refused',
        message: `Nothing was changed: after it had waited, the plan no longer fits. ${revalidation.why}. Plan it again`,
      };
    case 'delayed':
      return {
        kind: 'revalidates',
        message: `Waiting to check again what was planned: ${revalidation.why}`,
      };
    default:
      return {
        kind: 'revalidates',
        message: 'What was planned is checked again, because it has waited',
      };
  }
}
