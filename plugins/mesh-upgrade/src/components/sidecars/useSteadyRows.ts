import { useState } from 'react';
import { steadyRows, type SteadyRows } from './steadyRows';

/**
 * Rows that stay where they are while they change. What another list is
 * called decides when all places are given anew.
 */
export function useSteadyRows<TRow>(
  rows: TRow[] | undefined,
  list: string | undefined,
  keyOf: (row: TRow) => string,
): SteadyRows<TRow> & { show(): void } {
  const [places, setPlaces] = useState<{ list?: string; keys: string[] }>({
    keys: [],
  });
  const present = (rows ?? []).map(keyOf);
  let { keys } = places;
  if (rows && places.list !== list) {
    keys = present;
    setPlaces({ list, keys });
  }
  return {
    ...steadyRows(rows ?? [], keys, keyOf),
    show: () => setPlaces({ list, keys: present }),
  };
}
