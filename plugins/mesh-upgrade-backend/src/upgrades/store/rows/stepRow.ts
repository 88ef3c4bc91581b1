import type {
  LastUpgrade,
  RunPhase,
  StepState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  fromDatabaseTime,
  toDatabaseTime,
} from '../../../database/databaseClock';
import type { Step } from '../../types';
import { fromJson, toJson, type DatabaseTime } from './columns';

export interface StepRow {
  run_id: string;
  id: string;
  ordinal: number;
  stage: number;
  phase: string;
  title: string;
  cluster: string;
  action: string;
  workload: string | null;
  state: string;
  message: string;
  parameters: string;
  intent: string | null;
  detail: string | null;
  track: string;
  progress: string | null;
  started_at: DatabaseTime;
  ended_at: DatabaseTime;
}

/** The columns that change while a step runs. */
export function stepProgressColumns(step: Step): Partial<StepRow> {
  return {
    state: step.state,
    message: step.message,
    intent: toJson(step.intent),
    detail: toJson(step.detail),
    track: JSON.stringify(step.track),
    progress: toJson(step.progress),
    started_at: toDatabaseTime(step.startedAt),
    ended_at: toDatabaseTime(step.endedAt),
  };
}

export function toStepRow(
  runId: string,
  step: Step,
  ordinal: number,
): Partial<StepRow> {
  return {
    run_id: runId,
    id: step.id,
    ordinal,
    stage: step.stage ?? 0,
    phase: step.phase,
    title: step.title,
    cluster: step.cluster,
    action: step.action,
    workload: step.workload ?? null,
    parameters: JSON.stringify(step.parameters),
    ...stepProgressColumns(step),
  };
}

export function toStep(row: StepRow): Step {
  return {
    id: row.id,
    stage: row.stage,
    phase: row.phase as RunPhase,
    title: row.title,
    cluster: row.cluster,
    action: row.action,
    workload: row.workload ?? undefined,
    state: row.state as StepState,
    message: row.message,
    progress: fromJson(row.progress),
    intent: fromJson(row.intent),
    detail: fromJson(row.detail),
    parameters: JSON.parse(row.parameters),
    track: JSON.parse(row.track),
    startedAt: fromDatabaseTime(row.started_at),
    endedAt: fromDatabaseTime(row.ended_at),
  };
}

/** The end of a step, with what its run was for. */
export type LastUpgradeRow = Pick<StepRow, 'run_id' | 'state' | 'ended_at'> & {
  workload: string;
  /** Of the run. */
  target_version: string;
};

export function toLastUpgrade(row: LastUpgradeRow): LastUpgrade {
  return {
    runId: row.run_id,
    outcome: row.state as LastUpgrade['outcome'],
    targetVersion: row.target_version,
    endedAt: fromDatabaseTime(row.ended_at)!,
  };
}
