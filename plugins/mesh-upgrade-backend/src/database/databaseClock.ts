import type { Knex } from 'knex';

/**
 * Milliseconds since 1970 by the database's clock, as an SQL expression.
 * Leases of several replicas are compared by this one clock.
 */
export function databaseNow(knex: Knex, plusMs = 0): Knex.Raw {
  const now =
    knex.client.config.client === 'pg'
      ? '(extract(epoch from clock_timestamp()) * 1000)::bigint'
      : "cast((julianday('now') - 2440587.5) * 86400000 as integer)";
  return knex.raw(`${now} + ?`, [plusMs]);
}

/** ISO time of a stored one. */
export function fromDatabaseTime(
  value: number | string | null,
): string | undefined {
  // PostgreSQL answers bigint as a string.
  return value === null ? undefined : new Date(Number(value)).toISOString();
}

/** The stored form of an ISO time. */
export function toDatabaseTime(iso: string | undefined): number | null {
  return iso === undefined ? null : Date.parse(iso);
}
