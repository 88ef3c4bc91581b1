import { useRef } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type { RunEvent } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../api';
import { useLive } from './useLive';

const PAGE = 500;

/**
 * The events of a run from the first to the newest, with the lines that Jobs
 * printed only where `output` asks for them. Asks only for those after the
 * last one it has; once the run is final it asks one last time and ends.
 */
export function useRunEvents(
  runId: string,
  options: { final: boolean; output: boolean },
) {
  const { final, output } = options;
  const api = useApi(meshUpgradeApiRef);
  const key = `${runId} ${output}`;
  const seen = useRef<{ key: string; events: RunEvent[] }>({ key, events: [] });

  async function load(): Promise<RunEvent[]> {
    if (seen.current.key !== key) {
      seen.current = { key, events: [] };
    }
    const log = seen.current;
    for (;;) {
      const page = await api.listRunEvents(runId, {
        after: newestId(log.events),
        limit: PAGE,
        ...(!output && { output: false }),
      });
      // Two loads may overlap when the run becomes final.
      const newest = newestId(log.events) ?? 0;
      const fresh = page.filter(event => event.id > newest);
      if (fresh.length > 0) {
        log.events = [...log.events, ...fresh];
      }
      if (page.length < PAGE) {
        return log.events;
      }
    }
  }

  return useLive(`${key} ${final}`, load, () => (final ? undefined : 2_000));
}

function newestId(events: RunEvent[]): number | undefined {
  return events[events.length - 1]?.id;
}
