/** Rows in their places, and those that have no place yet. */
export interface SteadyRows<TRow> {
  rows: TRow[];
  arrived: TRow[];
}

/**
 * Puts rows that were seen before where they were, with what they are now.
 * Those that are gone leave; new ones wait until the reader wants them.
 */
export function steadyRows<TRow>(
  rows: TRow[],
  places: readonly string[],
  keyOf: (row: TRow) => string,
): SteadyRows<TRow> {
  const byKey = new Map(rows.map(row => [keyOf(row), row]));
  const known = new Set(places);
  return {
    rows: places.flatMap(key => byKey.get(key) ?? []),
    arrived: rows.filter(row => !known.has(keyOf(row))),
  };
}
