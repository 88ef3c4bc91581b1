import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import type {
  RunPage,
  RunSummary,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  meshUpgradeApiRef,
  type MeshUpgradeApi,
  type RunQuery,
} from '../../api';
import { useAddress, useLive, useMessages } from '../../hooks';
import { Invitation } from '../widgets';
import { RunFilters } from './RunFilters';
import { RunTable } from './RunTable';
import { useRunFilters } from './useRunFilters';

const PAGE = 50;
/** The most the backend gives at once. */
const LARGEST_PAGE = 500;

/** Past and present upgrades, of one mesh or of all, with filters and as many as the reader wants. */
export function RunHistory(props: { mesh?: string }) {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const { params, change } = useAddress();
  const filters = useRunFilters(props);
  const count = Math.max(PAGE, Number(params.get('rows')) || 0);
  const runs = useLive(
    `runs ${JSON.stringify(filters.query)} ${count}`,
    () => loadRuns(api, filters.query, count),
    5_000,
    ['runs'],
  );
  const items = runs.value?.items;
  return (
    <Box display="flex" flexDirection="column" gridGap={12}>
      <RunFilters
        filters={filters}
        runs={items ?? []}
        ofMesh={props.mesh !== undefined}
      />
      {items?.length === 0 && filters.chosen > 0 ? (
        <Invitation title={t('runs.noMatch')}>
          <Box textAlign="center">
            <Button variant="outlined" onClick={filters.clear}>
              {t('filter.clear')}
            </Button>
          </Box>
        </Invitation>
      ) : (
        <RunTable runs={{ ...runs, value: items }} />
      )}
      {runs.value?.next && (
        <Box textAlign="center">
          <Button onClick={() => change({ rows: `${count + PAGE}` })}>
            {t('action.loadMore')}
          </Button>
        </Box>
      )}
    </Box>
  );
}

/** Follows the cursor until `count` upgrades have come or there are no more. */
async function loadRuns(
  api: MeshUpgradeApi,
  query: RunQuery,
  count: number,
): Promise<RunPage> {
  const items: RunSummary[] = [];
  let next: string | undefined;
  do {
    const page: RunPage = await api.listRuns({
      ...query,
      limit: Math.min(LARGEST_PAGE, count - items.length),
      cursor: next,
    });
    items.push(...page.items);
    next = page.next;
  } while (next && items.length < count);
  return { items, next };
}
