import type { Knex } from 'knex';
import type { Run } from '../types';
import { toRun, type RunRow } from './rows/runRow';
import type { StepRow } from './rows/stepRow';

/** A run with all its steps; undefined when there is none of that id. */
export async function readRun(
  knex: Knex,
  id: string,
): Promise<Run | undefined> {
  const row = await knex<RunRow>('runs').where({ id }).first();
  return row && toRun(row, await readSteps(knex, id));
}

/** In the order of the plan. */
export async function readSteps(knex: Knex, runId: string): Promise<StepRow[]> {
  return knex<StepRow>('run_steps').where({ run_id: runId }).orderBy('ordinal');
}
