import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type {
  WorkloadPage,
  WorkloadQuery,
  WorkloadView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { meshUpgradeApiRef } from '../../api';
import { useMessages, type Live } from '../../hooks';
import { DataTable, FailurePanel } from '../widgets';
import { SelectionBar } from './SelectionBar';
import { useSteadyRows } from './useSteadyRows';
import type { useTableLook } from './useTableLook';
import { listKey, loadWorkloads } from './useWorkloadList';
import { workloadColumns } from './workloadColumns';

/** The rows that match and what is selected among them. */
export function WorkloadRows(props: {
  list: Live<WorkloadPage>;
  query: WorkloadQuery;
  look: ReturnType<typeof useTableLook>;
  meshName(id: string): string;
  onSort(sort: string | undefined): void;
  onOpen(workload: WorkloadView): void;
  onMore(): void;
}) {
  const { list, query, look, meshName, onSort, onOpen, onMore } = props;
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const [picked, setPicked] = useState(new Map<string, WorkloadView>());
  const [picking, setPicking] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const page = list.value;
  const { rows, arrived, show } = useSteadyRows(page?.items, list.of, idOf);
  // Of other filters than those that are set.
  const outdatedPage = !list.of?.startsWith(`${listKey(query)} `);

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
    setPicking(true);
    try {
      const { items } = await loadWorkloads(api, query, Infinity);
      pick(items, true);
    } catch (error) {
      setFailure(error as Error);
    }
    setPicking(false);
  }

  // A selected row may have changed since it was ticked.
  const selected = [...picked.values()].map(
    workload => rows.find(({ id }) => id === workload.id) ?? workload,
  );
  const allPicked =
    picked.size >= (page?.total ?? 0) && rows.every(({ id }) => picked.has(id));
  return (
    <>
      {arrived.length > 0 && (
        <Box display="flex" alignItems="center" gridGap={8} role="status">
          <Typography variant="body2">
            {t('workloads.arrived', { count: arrived.length })}
          </Typography>
          <Button size="small" color="primary" onClick={show}>
            {t('action.show')}
          </Button>
        </Box>
      )}
      <Box style={{ opacity: page && outdatedPage ? 0.6 : 1 }}>
        <DataTable
          label={t('page.sidecars')}
          columns={workloadColumns({ t, ids: look.columns, meshName, onOpen })}
          rows={page && rows}
          rowKey={idOf}
          dense={look.dense}
          pinFirst
          sorting={{ value: query.sort, change: onSort }}
          selection={{
            has: id => picked.has(id),
            toggle: id =>
              pick(
                rows.filter(row => row.id === id),
                !picked.has(id),
              ),
            toggleAll: () =>
              pick(rows, !rows.every(({ id }) => picked.has(id))),
            allLabel: t('selection.allShown'),
            rowLabel: id => t('selection.row', { id }),
          }}
        />
      </Box>
      {page && (
        <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={16}>
          <Typography variant="body2">
            {t('workloads.shown', {
              shown: `${rows.length}`,
              total: `${page.total}`,
            })}
          </Typography>
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
        matching={outdatedPage || allPicked ? undefined : page?.total}
        picking={picking}
        onSelectAll={pickAll}
        onClear={() => setPicked(new Map())}
      />
    </>
  );
}

function idOf({ id }: WorkloadView): string {
  return id;
}
