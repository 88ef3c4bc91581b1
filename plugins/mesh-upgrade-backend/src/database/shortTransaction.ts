import type { Knex } from 'knex';

/** Well below every lease, so that no lock is left when a lease has run out. */
const IDLE_LIMIT_MS = 5_000;

/**
 * A transaction whose locks do not outlive its client's attention. PostgreSQL
 * keeps them for as long as the connection lives, also when the replica
 * behind it stands still; its successor, which claims the same rows, would
 * stand still with it.
 */
export function shortTransaction<T>(
  knex: Knex,
  work: (transaction: Knex.Transaction) => Promise<T>,
): Promise<T> {
  return knex.transaction(async transaction => {
    if (transaction.client.config.client === 'pg') {
      await transaction.raw(
        `set local idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`,
      );
    }
    return work(transaction);
  });
}
