import { useRef } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type { RunEvent } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../api';
import { useLive } from './useLive';

const PAGE = 500;

/**
 * The events of a run from the first to the newest. Asks only for those after
 * the last one it has; once the run is final it asks one last time and ends.
 */
export function useRunEvents(runId: string, final: boolean) {
  const api = useApi(meshUpgradeApiRef);
  const seen = useRef<{ runId: string; events: RunEvent[] }>({
    runId,
    events: [],
  });

  async function load(): Promise<RunEvent[]> {
    if (seen.current.runId !== runId) {
      seen.current = { runId, events: [] };
    }
    for (;;) {
      const page = await api.listRunEvents(runId, {
        after: newestId(seen.current.events),
        limit: PAGE,
      });
      // Two loads may overlap when the run becomes final.
      const newest = newestId(seen.current.events) ?? 0;
      const fresh = page.filter(event => event.id > newest);
      if (fresh.length > 0) {
        seen.current.events = [...seen.current.events, ...fresh];
      }
      if (page.length < PAGE) {
        return seen.current.events;
      }
    }
  }

  return useLive(`${runId} ${final}`, load, () => (final ? undefined : 2_000));
}

function newestId(events: RunEvent[]): number | undefined {
  return events[events.length - 1]?.id;
}
