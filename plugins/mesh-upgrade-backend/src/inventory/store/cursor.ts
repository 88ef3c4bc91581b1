import { InputError } from '@backstage/errors';
import { z } from 'zod';
import type { WorkloadRow } from './rows';
import type { WorkloadOrder } from './workloadSort';

const Cursor = z.tuple([
  z.string(),
  z.array(z.union([z.string(), z.number()])),
]);

/** Where a page ended: the order, and the last row's values in its columns. */
export function encodeCursor(
  { sort, columns }: WorkloadOrder,
  row: WorkloadRow,
): string {
  return Buffer.from(
    JSON.stringify([sort, columns.map(column => row[column])]),
  ).toString('base64url');
}

/** @throws InputError for anything that `encodeCursor` did not make for this order. */
export function decodeCursor(
  { sort, columns }: WorkloadOrder,
  cursor: string,
): (string | number)[] {
  let decoded: z.infer<typeof Cursor> | undefined;
  try {
    decoded = Cursor.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
  } catch {
    decoded = undefined;
  }
  if (decoded?.[0] !== sort || decoded[1].length !== columns.length) {
    throw new InputError(
      `The cursor '${cursor}' is not one of this list; start without a cursor`,
    );
  }
  return decoded[1];
}
