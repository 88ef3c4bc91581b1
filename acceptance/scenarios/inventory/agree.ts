import { isDeepStrictEqual } from 'node:util';
import { poll } from '../../../scripts/lib/poll.mjs';

const PATIENCE_MS = 45_000;
const SHOWN = 12;

/** Things of a kind by what they are called. */
export type Table = Map<string, object>;

/**
 * Reads both sides until they say the same, field by field; the error names
 * the fields that differ. Both are read anew, because the world goes on.
 */
export async function agree(
  what: string,
  expect: () => Promise<Table>,
  show: () => Promise<Table>,
  isSo: (expected: Table) => boolean = () => true,
): Promise<Table> {
  let differences: string[] = [];
  return poll(
    async () => {
      const expected = await expect();
      if (!isSo(expected)) {
        differences = ['the clusters are not there yet'];
        return undefined;
      }
      differences = compare(expected, await show());
      return differences.length === 0 ? expected : undefined;
    },
    {
      timeoutMs: PATIENCE_MS,
      intervalMs: 500,
      what: `${what} to be as the clusters say`,
      last: () =>
        `${differences.length} differences\n${differences
          .slice(0, SHOWN)
          .join('\n')}`,
    },
  );
}

/** A table of rows by one of their fields, which is no longer among them. */
export function tableBy<T extends object>(
  rows: T[],
  nameOf: (row: T) => string,
): Table {
  return new Map(rows.map(row => [nameOf(row), row]));
}

function compare(expected: Table, shown: Table): string[] {
  return [...new Set([...expected.keys(), ...shown.keys()])]
    .sort()
    .flatMap(name => {
      const left = expected.get(name);
      const right = shown.get(name);
      if (!left || !right) {
        return [`${name} is ${left ? 'not shown' : 'shown, but not there'}`];
      }
      return fieldsOf(left, right).flatMap(field => {
        const [want, got] = [left, right].map(
          side => (side as Record<string, unknown>)[field],
        );
        return isDeepStrictEqual(plain(want), plain(got))
          ? []
          : [
              `${name} ${field}: ${JSON.stringify(
                want,
              )}, shown as ${JSON.stringify(got)}`,
            ];
      });
    });
}

function fieldsOf(...sides: object[]): string[] {
  return [...new Set(sides.flatMap(side => Object.keys(side)))];
}

/** As JSON would carry it: without fields that are undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
