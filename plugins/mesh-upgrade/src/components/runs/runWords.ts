import {
  FINAL_RUN_STATES,
  type RunState,
  type RunSummary,
  type StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Messages } from '../../hooks';
import type { Tone } from '../widgets';

export const RUN_TONES: Record<RunState, Tone> = {
  queued: 'waiting',
  running: 'progress',
  waiting: 'waiting',
  paused: 'waiting',
  stopping: 'progress',
  succeeded: 'good',
  failed: 'bad',
  stopped: 'stopped',
};

export const STEP_TONES: Record<StepState, Tone> = {
  pending: 'waiting',
  running: 'progress',
  succeeded: 'good',
  failed: 'bad',
  skipped: 'stopped',
};

/** What a run does, in a line. */
export function runTitle(run: RunSummary, t: Messages): string {
  if (run.kind === 'sidecars') {
    return t('run.sidecarsTitle', {
      count: run.progress.total,
      target: run.targetVersion,
    });
  }
  if (run.kind === 'leftovers') {
    return t('run.leftoversTitle', {
      count: run.progress.total,
      mesh: run.meshId ?? '',
    });
  }
  return run.fromVersion
    ? t('run.meshTitle', {
        mesh: run.meshId ?? '',
        from: run.fromVersion,
        target: run.targetVersion,
      })
    : t('run.meshTitleFromUnknown', {
        mesh: run.meshId ?? '',
        target: run.targetVersion,
      });
}

/** The run will not change any more. */
export function isFinal(run: RunSummary): boolean {
  return FINAL_RUN_STATES.includes(run.state);
}
