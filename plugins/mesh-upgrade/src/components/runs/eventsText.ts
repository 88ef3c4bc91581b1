import type { RunEvent } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { MeshUpgradeApi } from '../../api';

const PAGE = 1_000;

/** Everything that was recorded of a run, raw output included, a line each. */
export async function loadEventsText(
  api: MeshUpgradeApi,
  runId: string,
  clusterOf: (event: RunEvent) => string | undefined,
): Promise<string> {
  const lines: string[] = [];
  let after: number | undefined;
  for (;;) {
    const page = await api.listRunEvents(runId, { after, limit: PAGE });
    for (const event of page) {
      lines.push(
        [
          event.at,
          event.output ? 'output' : event.level,
          clusterOf(event) ?? '-',
          event.message,
        ].join('\t'),
      );
    }
    after = page[page.length - 1]?.id;
    if (page.length < PAGE) {
      return `${lines.join('\n')}\n`;
    }
  }
}
