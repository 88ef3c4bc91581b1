import type {
  WorkloadQuery,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { WorkloadVisibility } from '../inventory/types';
import type { WorkloadOverview } from '../workloads/WorkloadOverview';
import { csvLine } from './csv';

const PAGE_SIZE = 500;

type Cell = string | number | boolean | undefined;

const COLUMNS: [string, (workload: WorkloadView) => Cell][] = [
  ['cluster', ({ cluster }) => cluster],
  ['namespace', ({ namespace }) => namespace],
  ['kind', ({ kind }) => kind],
  ['name', ({ name }) => name],
  ['mesh', ({ meshId }) => meshId],
  ['status', ({ status }) => status],
  ['reason', ({ statusReason }) => statusReason],
  ['sidecar', ({ sidecar }) => sidecar],
  ['revision', ({ revision }) => revision],
  ['desiredVersion', ({ desiredVersion }) => desiredVersion],
  [
    'versions',
    ({ versions }) =>
      versions.map(({ version, pods }) => `${version} (${pods})`).join('; '),
  ],
  ['outdated', ({ outdated }) => outdated],
  ['pods', ({ pods }) => pods.total],
  ['podsReady', ({ pods }) => pods.ready],
  ['podsInjected', ({ pods }) => pods.injected],
  ['podsAbnormal', ({ pods }) => pods.abnormal],
  ['method', ({ method }) => method.kind],
  ['blockers', ({ method }) => method.blockers.join('; ')],
  ['gitOps', ({ gitOps }) => gitOps && `${gitOps.tool} ${gitOps.name}`],
  ['owners', ({ owners }) => owners.join('; ')],
  ['services', ({ services }) => services?.join('; ')],
  ['lastUpgrade', ({ lastUpgrade }) => lastUpgrade?.endedAt],
  ['lastUpgradeOutcome', ({ lastUpgrade }) => lastUpgrade?.outcome],
];

/**
 * The whole list as CSV, page by page, so that its length costs no memory.
 * Yields the head line only together with the first page: a query that is
 * refused is refused before anything was sent.
 */
export async function* workloadsCsv(
  workloads: Pick<WorkloadOverview, 'workloads'>,
  query: WorkloadQuery,
  visibility: WorkloadVisibility | undefined,
): AsyncGenerator<string> {
  let text = csvLine(COLUMNS.map(([title]) => title));
  let cursor: string | undefined;
  do {
    const page = await workloads.workloads(
      { ...query, cursor, limit: PAGE_SIZE },
      visibility,
    );
    yield text +
      page.items
        .map(workload => csvLine(COLUMNS.map(([, cell]) => cell(workload))))
        .join('');
    text = '';
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}
