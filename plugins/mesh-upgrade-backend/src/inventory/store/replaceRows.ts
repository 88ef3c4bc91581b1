import type { Knex } from 'knex';

/** Makes the rows of one cluster in a small table exactly these. */
export async function replaceRows(
  trx: Knex.Transaction,
  table: string,
  cluster: string,
  rows: object[],
): Promise<void> {
  await trx(table).where({ cluster }).delete();
  if (rows.length > 0) {
    await trx(table).insert(rows);
  }
}
