import type {
  RunEvent,
  RunEventLevel,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { fromDatabaseTime } from '../../../database/databaseClock';
import type { DatabaseTime } from './columns';

export interface EventRow {
  id: number;
  run_id: string;
  step_id: string | null;
  at: DatabaseTime;
  level: string;
  message: string;
  output: boolean | number;
}

export function toEvent(row: EventRow): RunEvent {
  return {
    id: Number(row.id),
    runId: row.run_id,
    stepId: row.step_id ?? undefined,
    at: fromDatabaseTime(row.at)!,
    level: row.level as RunEventLevel,
    message: row.message,
    output: row.output ? true : undefined,
  };
}
