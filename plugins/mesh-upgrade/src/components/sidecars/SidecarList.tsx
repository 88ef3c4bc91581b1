import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type {
  WorkloadPage,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useAddress, useMessages } from '../../hooks';
import { DataTable, FailurePanel, Invitation } from '../widgets';
import { ExportButton } from './ExportButton';
import { SelectionBar } from './SelectionBar';
import { SidecarFilters } from './SidecarFilters';
import { useWorkloadFilters, type WorkloadScope } from './useWorkloadFilters';
import { loadWorkloads, useWorkloadList } from './useWorkloadList';
import { WorkloadDrawer } from './WorkloadDrawer';
import { workloadColumns } from './workloadColumns';

const PAGE = 50;

/** The workload table with its filters, its selection and the drawer of one workload. */
export function SidecarList(props: {
  scope: WorkloadScope;
  /** What an empty table says when no filter is set. */
  emptyText: string;
}) {
  const { scope, emptyText } = props;
  const t = useMessages();
  const { params, change } = useAddress();
  const { query, filtered } = useWorkloadFilters(scope);
  const [count, setCount] = useState(PAGE);
  const list = useWorkloadList(query, count);
  const open = params.get('open');

  return (
    <Box display="flex" flexDirection="column" gridGap={16}>
      <SidecarFilters scope={scope} facets={list.value?.facets} />
      {list.error && (
        <FailurePanel
          title={list.value ? t('workloads.stale') : t('workloads.failed')}
          error={list.error}
          onRetry={list.refresh}
        />
      )}
      {list.value?.total === 0 ? (
        <Invitation
          title={filtered ? t('workloads.noMatch') : t('workloads.none')}
          text={filtered ? undefined : emptyText}
        />
      ) : (
        (list.value || list.loading) && (
          <Rows
            page={list.value}
            query={query}
            onSort={sort => change({ sort })}
            onOpen={({ id }) => change({ open: id })}
            onMore={() => setCount(previous => previous + PAGE)}
          />
        )
      )}
      {open && (
        <WorkloadDrawer id={open} onClose={() => change({ open: undefined })} />
      )}
    </Box>
  );
}

function Rows(props: {
  page?: WorkloadPage;
  query: Parameters<typeof loadWorkloads>[1];
  onSort(sort: string | undefined): void;
  onOpen(workload: WorkloadView): void;
  onMore(): void;
}) {
  const { page, query, onSort, onOpen, onMore } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const [picked, setPicked] = useState(new Map<string, WorkloadView>());
  const [failure, setFailure] = useState<Error>();
  const rows = page?.items ?? [];

  function pick(workloads: WorkloadView[], on: boolean) {
    setPicked(previous => {
      const next = new Map(previous);
      for (const workload of workloads) {
        if (on) {
          next.set(workload.id, workload);
        } else {
          next.delete(workload.id);
        }
      }
      return next;
    });
  }

  async function pickAll() {
    setFailure(undefined);
    try {
      const { items } = await loadWorkloads(api, query, Infinity);
      pick(items, true);
    } catch (error) {
      setFailure(error as Error);
    }
  }

  // A selected row may have changed since it was ticked.
  const selected = [...picked.values()].map(
    workload => rows.find(({ id }) => id === workload.id) ?? workload,
  );
  return (
    <>
      <DataTable
        label={t('page.sidecars')}
        columns={workloadColumns(t, onOpen)}
        rows={page?.items}
        rowKey={({ id }) => id}
        sorting={{ value: query.sort, change: onSort }}
        selection={{
          has: id => picked.has(id),
          toggle: id =>
            pick(
              rows.filter(row => row.id === id),
              !picked.has(id),
            ),
          toggleAll: () => pick(rows, !rows.every(({ id }) => picked.has(id))),
          allLabel: t('selection.allShown'),
          rowLabel: id => t('selection.row', { id }),
        }}
      />
      {page && (
        <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={16}>
          <Typography variant="body2">
            {t('workloads.shown', {
              shown: `${rows.length}`,
              total: `${page.total}`,
            })}
          </Typography>
          <ExportButton query={query} />
          {page.nextCursor && (
            <Button size="small" onClick={onMore}>
              {t('action.loadMore')}
            </Button>
          )}
        </Box>
      )}
      {failure && (
        <FailurePanel
          title={t('workloads.failed')}
          error={failure}
          onRetry={pickAll}
        />
      )}
      <SelectionBar
        selected={selected}
        matching={page?.total ?? 0}
        onSelectAll={pickAll}
        onClear={() => setPicked(new Map())}
      />
    </>
  );
}
