import type { Knex } from 'knex';
import { BATCH } from './batch';
import { RunConflictError } from './errors';
import type { RunLock } from './RunStore';

/** @throws RunConflictError when an active run holds one of the locks */
export async function assertFree(knex: Knex, locks: RunLock[]): Promise<void> {
  for (let i = 0; i < locks.length; i += BATCH) {
    const batch = locks.slice(i, i + BATCH);
    const keysOf = (exclusive: boolean) =>
      batch.filter(lock => lock.exclusive === exclusive).map(lock => lock.key);
    const holder: { key: string; run_id: string } | undefined = await knex(
      'run_locks',
    )
      .whereIn('key', keysOf(true))
      .orWhere(q => q.whereIn('key', keysOf(false)).where('exclusive', true))
      .orderBy('key')
      .first('key', 'run_id');
    if (holder) {
      const [kind, ...id] = holder.key.split(':');
      throw new RunConflictError(
        `Run '${holder.run_id}' is upgrading ${kind} '${id.join(
          ':',
        )}'; wait for its end or stop it`,
        holder.run_id,
      );
    }
  }
}
