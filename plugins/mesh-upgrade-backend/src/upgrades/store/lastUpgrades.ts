import type { LastUpgrade } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Knex } from 'knex';
import { BATCH } from './batch';
import { toLastUpgrade, type LastUpgradeRow } from './rows/stepRow';

/** The step of each workload that ended last, by workload id. */
export async function lastUpgrades(
  knex: Knex,
  workloads: string[],
): Promise<Map<string, LastUpgrade>> {
  const found = new Map<string, LastUpgrade>();
  for (let i = 0; i < workloads.length; i += BATCH) {
    const latest = knex('run_steps')
      .select('workload')
      .max({ ended_at: 'ended_at' })
      .whereIn('workload', workloads.slice(i, i + BATCH))
      .whereIn('state', ['succeeded', 'failed'])
      .groupBy('workload')
      .as('latest');
    const rows: LastUpgradeRow[] = await knex(latest)
      .join('run_steps as step', join =>
        join
          .on('step.workload', 'latest.workload')
          .andOn('step.ended_at', 'latest.ended_at'),
      )
      .join('runs as run', 'run.id', 'step.run_id')
      .select(
        'step.workload',
        'step.run_id',
        'step.state',
        'step.ended_at',
        'run.target_version',
      );
    for (const row of rows) {
      found.set(row.workload, toLastUpgrade(row));
    }
  }
  return found;
}
