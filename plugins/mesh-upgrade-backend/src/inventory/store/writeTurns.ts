import type { Knex } from 'knex';
import limiterFactory from 'p-limit';

/** Runs a write when it is its turn. */
export type WriteTurns = (write: () => Promise<void>) => Promise<void>;

/**
 * Leaves connections to those who ask: many clusters tell changes at the same
 * moment, and a question would wait until every one of them was stored. Half
 * of the pool may write; SQLite, which has one connection, takes one write and
 * then what was asked meanwhile.
 */
export function createWriteTurns(database: Knex): WriteTurns {
  const connections: number = database.client.pool?.max ?? 1;
  const limit = limiterFactory(Math.max(1, Math.floor(connections / 2)));
  return write => limit(write);
}
