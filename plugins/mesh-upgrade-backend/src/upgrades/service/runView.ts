import type { RunView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { UsualDurations } from '../durations/usualDurations';
import type { Run } from '../types';

/** What users see of a run. */
export function runView(run: Run, usual: UsualDurations): RunView {
  return {
    id: run.id,
    kind: run.kind,
    state: run.state,
    meshId: run.meshId,
    fromVersion: run.fromVersion,
    targetVersion: run.targetVersion,
    startedBy: run.startedBy,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    message: run.message,
    startAt: run.startAt,
    waitsFor: run.waitsFor,
    approval: run.approval,
    retryOf: run.retryOf,
    returnOf: run.returnOf,
    planHash: run.plan.hash,
    driver: run.plan.driver,
    progress: {
      done: run.steps.filter(({ state }) => state === 'succeeded').length,
      total: run.steps.length,
    },
    usualSeconds: usual.run,
    steps: run.steps.map((step, index) => ({
      id: step.id,
      phase: step.phase,
      title: step.title,
      cluster: step.cluster,
      workload: step.workload,
      state: step.state,
      message: step.message,
      progress: step.progress,
      startedAt: step.startedAt,
      endedAt: step.endedAt,
      usualSeconds: usual.steps[index],
    })),
  };
}
