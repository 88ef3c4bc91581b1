import Box from '@material-ui/core/Box';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Switch from '@material-ui/core/Switch';
import useAsync from 'react-use/lib/useAsync';
import { useApi } from '@backstage/frontend-plugin-api';
import { meshUpgradeApiRef } from '../../api';
import { useMessages } from '../../hooks';
import { FilterSelect, SearchField } from '../widgets';
import { useWorkloadFilters, type WorkloadScope } from './useWorkloadFilters';

const STATUSES = [
  'injected',
  'uninjected',
  'pendingRestart',
  'excluded',
  'unknown',
] as const;

/** Search and filters of the workload table, kept in the address. */
export function SidecarFilters(props: { scope: WorkloadScope }) {
  const t = useMessages();
  const api = useApi(meshUpgradeApiRef);
  const { query, change } = useWorkloadFilters(props.scope);
  // A reader may see workloads without being allowed to see meshes; then the filters stay empty.
  const { value: meshes } = useAsync(() => api.listMeshes(), [api]);
  const clusters = new Set(
    meshes?.flatMap(mesh => mesh.clusters.map(({ cluster }) => cluster)),
  );
  return (
    <Box display="flex" flexWrap="wrap" alignItems="center" gridGap={8}>
      <SearchField
        label={t('filter.searchWorkloads')}
        value={query.text ?? ''}
        onChange={text => change({ text })}
      />
      <FilterSelect
        label={t('column.mesh')}
        allLabel={t('filter.all')}
        value={query.mesh?.[0] ?? ''}
        options={(meshes ?? []).map(mesh => ({
          value: mesh.id,
          label: mesh.name,
        }))}
        onChange={mesh => change({ mesh })}
      />
      <FilterSelect
        label={t('column.cluster')}
        allLabel={t('filter.all')}
        value={query.cluster?.[0] ?? ''}
        options={[...clusters].sort().map(value => ({ value, label: value }))}
        onChange={cluster => change({ cluster })}
      />
      <FilterSelect
        label={t('column.status')}
        allLabel={t('filter.all')}
        value={query.status?.[0] ?? ''}
        options={STATUSES.map(value => ({
          value,
          label: t(`workload.status.${value}`),
        }))}
        onChange={status => change({ status })}
      />
      <FormControlLabel
        label={t('filter.outdated')}
        control={
          <Switch
            size="small"
            color="primary"
            checked={query.outdated === true}
            onChange={(_, checked) =>
              change({ outdated: checked ? 'true' : undefined })
            }
          />
        }
      />
    </Box>
  );
}
