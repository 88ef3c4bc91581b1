import { InputError } from '@backstage/errors';
import { z } from 'zod';

/** The sort key of the last row of a page. */
export interface WorkloadPosition {
  outdated: number;
  namespace: string;
  name: string;
  id: string;
}

const Position = z.tuple([
  z.number().int(),
  z.string(),
  z.string(),
  z.string(),
]);

export function encodeCursor({
  outdated,
  namespace,
  name,
  id,
}: WorkloadPosition): string {
  return Buffer.from(JSON.stringify([outdated, namespace, name, id])).toString(
    'base64url',
  );
}

/** @throws InputError for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): WorkloadPosition {
  try {
    const [outdated, namespace, name, id] = Position.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    return { outdated, namespace, name, id };
  } catch (error) {
    throw new InputError(
      `The cursor '${cursor}' is not one of this list; start without a cursor`,
      error,
    );
  }
}
