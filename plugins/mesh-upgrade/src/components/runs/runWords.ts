import {
  FINAL_RUN_STATES,
  type RunState,
  type RunSummary,
  type StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Messages } from '../../hooks';
import { momentText, type Tone } from '../widgets';

const RUN_TONES: Record<RunState, Tone> = {
  queued: 'waiting',
  running: 'progress',
  waiting: 'waiting',
  paused: 'waiting',
  stopping: 'progress',
  succeeded: 'good',
  failed: 'bad',
  stopped: 'stopped',
};

/** What a plan and a run name as their driver when people do what they wait for. */
export const MANUAL_DRIVER = 'manual';

/** States in which what a run waits for says more than the state itself. */
const HELD: RunState[] = ['queued', 'waiting'];

export const STEP_TONES: Record<StepState, Tone> = {
  pending: 'waiting',
  running: 'progress',
  succeeded: 'good',
  failed: 'bad',
  skipped: 'stopped',
};

/** How the state of a run looks. */
export function runTone(run: RunSummary): Tone {
  return isRejected(run) ? 'bad' : RUN_TONES[run.state];
}

/** What the state of a run is called; a run that waits says for what. */
export function runStateText(run: RunSummary, t: Messages): string {
  if (isRejected(run)) {
    return t('run.state.rejected');
  }
  return run.waitsFor && HELD.includes(run.state)
    ? t(`run.waits.${run.waitsFor.kind}`)
    : t(`run.state.${run.state}`);
}

/** What a run waits for or says about itself, in a line. */
export function runMessage(
  run: RunSummary,
  t: Messages,
  locale: string,
): string | undefined {
  const { waitsFor, message } = run;
  if (waitsFor?.kind === 'time' && waitsFor.until) {
    return `${t('run.waits.timeUntil')} ${momentText(waitsFor.until, locale)}`;
  }
  return (waitsFor?.message ?? message)?.split('\n')[0];
}

/** Somebody decided that it must not start. */
export function isRejected(run: RunSummary): boolean {
  return run.state === 'stopped' && run.approval?.decision === 'rejected';
}

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
  if (run.returnOf) {
    return t('run.returnTitle', {
      mesh: run.meshId ?? '',
      target: run.targetVersion,
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
