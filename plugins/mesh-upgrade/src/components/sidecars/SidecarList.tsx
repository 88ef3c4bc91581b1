import { useState } from 'react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Collapse from '@material-ui/core/Collapse';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import FilterList from '@material-ui/icons/FilterList';
import { useAddress, useMessages } from '../../hooks';
import { useFleet } from '../fleet';
import { FailurePanel, Invitation, SearchField } from '../widgets';
import { ExportButton } from './ExportButton';
import { FacetPanel } from './FacetPanel';
import { TableOptions } from './TableOptions';
import { useTableLook } from './useTableLook';
import { useWorkloadFilters, type WorkloadScope } from './useWorkloadFilters';
import { useWorkloadList } from './useWorkloadList';
import { WorkloadDrawer } from './WorkloadDrawer';
import { WorkloadRows } from './WorkloadRows';

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
  const { query, chosen, clear } = useWorkloadFilters(scope);
  const count = Math.max(PAGE, Number(params.get('rows')) || 0);
  const list = useWorkloadList(query, count);
  const look = useTableLook();
  const meshName = useMeshNames();
  const narrow = useMediaQuery('(max-width: 1000px)');
  const [unfolded, setUnfolded] = useState(false);
  const open = params.get('open');
  const nothing = list.value?.total === 0;

  const facets = (
    <FacetPanel
      scope={scope}
      facets={list.value?.facets}
      loading={list.loading}
      meshName={meshName}
    />
  );
  return (
    <Box display="flex" flexDirection={narrow ? 'column' : 'row'} gridGap={16}>
      {!narrow && (
        <Box width={164} flexShrink={0}>
          {facets}
        </Box>
      )}
      <Box
        flexGrow={1}
        minWidth={0}
        display="flex"
        flexDirection="column"
        gridGap={12}
      >
        <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={8}>
          <SearchField
            label={t('filter.searchWorkloads')}
            value={query.text ?? ''}
            onChange={text => change({ text })}
          />
          {narrow && (
            <Button
              size="small"
              startIcon={<FilterList />}
              aria-expanded={unfolded}
              onClick={() => setUnfolded(!unfolded)}
            >
              {chosen > 0
                ? t('filter.titleChosen', { count: chosen })
                : t('filter.title')}
            </Button>
          )}
          <Box flexGrow={1} />
          <TableOptions look={look} />
          <ExportButton query={query} />
        </Box>
        {narrow && <Collapse in={unfolded}>{facets}</Collapse>}
        {list.error && (
          <FailurePanel
            title={list.value ? t('workloads.stale') : t('workloads.failed')}
            error={list.error}
            onRetry={list.refresh}
          />
        )}
        {nothing && (
          <Invitation
            title={chosen > 0 ? t('workloads.noMatch') : t('workloads.none')}
            text={chosen > 0 ? undefined : emptyText}
          >
            {chosen > 0 && (
              <Box textAlign="center">
                <Button variant="outlined" onClick={clear}>
                  {t('filter.clear')}
                </Button>
              </Box>
            )}
          </Invitation>
        )}
        {!nothing && (list.value || list.loading) && (
          <WorkloadRows
            list={list}
            query={query}
            look={look}
            meshName={meshName}
            onSort={sort => change({ sort })}
            onOpen={({ id }) => change({ open: id })}
            onMore={() => change({ rows: `${count + PAGE}` })}
          />
        )}
      </Box>
      {open && (
        <WorkloadDrawer id={open} onClose={() => change({ open: undefined })} />
      )}
    </Box>
  );
}

/** A reader may see workloads without being allowed to see meshes; then a mesh is called by its id. */
function useMeshNames(): (id: string) => string {
  const { meshes } = useFleet();
  return id => meshes.value?.find(mesh => mesh.id === id)?.name ?? id;
}
