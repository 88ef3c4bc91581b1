import {
  FINAL_RUN_STATES,
  type RunKind,
  type RunState,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { DateTime } from 'luxon';
import type { RunQuery } from '../../api';
import { useAddress } from '../../hooks';

export const RUN_KINDS: readonly RunKind[] = ['mesh', 'sidecars', 'leftovers'];

export const RUN_STATES: readonly RunState[] = [
  'queued',
  'running',
  'waiting',
  'paused',
  'stopping',
  ...FINAL_RUN_STATES,
];

const KEYS = ['kind', 'state', 'mesh', 'by', 'since', 'until'] as const;

/** Name of a filter in the address. */
export type RunFilterKey = (typeof KEYS)[number];

/** The filters of the address, as they stand there and as what to ask the backend for. */
export function useRunFilters(scope: { mesh?: string }) {
  const { params, change } = useAddress();
  const text = (key: RunFilterKey) => params.get(key) ?? '';
  const kind = RUN_KINDS.find(one => one === text('kind'));
  const state = RUN_STATES.find(one => one === text('state'));
  const query: RunQuery = {
    mesh: scope.mesh ?? (text('mesh') || undefined),
    kind: kind && [kind],
    state: state && [state],
    startedBy: text('by') || undefined,
    since: startOfDay(text('since')),
    // The day that was chosen still counts.
    until: startOfDay(text('until'), 1),
  };
  return {
    query,
    text,
    chosen: KEYS.filter(key => text(key) !== '').length,
    set: (key: RunFilterKey, value: string) => change({ [key]: value }),
    clear: () => change(Object.fromEntries(KEYS.map(key => [key, undefined]))),
  };
}

/** The filters of a list of upgrades. */
export type RunFilterState = ReturnType<typeof useRunFilters>;

/** When a day begins in the reader's zone, as ISO text; undefined for what is no date. */
function startOfDay(date: string, daysLater = 0): string | undefined {
  const day = DateTime.fromISO(date).plus({ days: daysLater });
  return date && day.isValid ? day.toUTC().toISO() ?? undefined : undefined;
}
