import Box from '@material-ui/core/Box';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import ViewList from '@material-ui/icons/ViewList';
import ViewModule from '@material-ui/icons/ViewModule';
import type { MeshView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { useAddress, useMessages, type Messages } from '../../hooks';
import { FilterSelect, SearchField } from '../widgets';
import { losesSupport, upgradeObstacle } from './meshSituation';

/** The mesh filters of the address. */
export function filterMeshes(
  meshes: MeshView[],
  params: URLSearchParams,
  t: Messages,
): MeshView[] {
  const text = (params.get('q') ?? '').toLowerCase();
  const cluster = params.get('cluster');
  const state = params.get('state');
  return meshes.filter(
    mesh =>
      mesh.name.toLowerCase().includes(text) &&
      (!cluster || mesh.clusters.some(one => one.cluster === cluster)) &&
      (!state || isIn(mesh, state, t)),
  );
}

function isIn(mesh: MeshView, state: string, t: Messages): boolean {
  switch (state) {
    case 'upgradable':
      return upgradeObstacle(mesh, t) === undefined;
    case 'losingSupport':
      return losesSupport(mesh);
    case 'upgrading':
      return mesh.activeRun !== undefined || mesh.status === 'upgrading';
    case 'trouble':
      return mesh.status !== 'running' && mesh.status !== 'upgrading';
    default:
      return false;
  }
}

const STATES = ['upgradable', 'losingSupport', 'upgrading', 'trouble'] as const;

/** Search, filters and the switch between cards and table, all kept in the address. */
export function MeshFilters(props: { meshes: MeshView[] }) {
  const t = useMessages();
  const { params, change } = useAddress();
  const clusters = new Set(
    props.meshes.flatMap(mesh => mesh.clusters.map(({ cluster }) => cluster)),
  );
  const view = params.get('view') === 'table' ? 'table' : 'cards';
  return (
    <Box display="flex" gridGap={8} flexWrap="wrap">
      <SearchField
        label={t('filter.searchMeshes')}
        value={params.get('q') ?? ''}
        onChange={q => change({ q })}
      />
      <FilterSelect
        label={t('column.cluster')}
        allLabel={t('filter.all')}
        value={params.get('cluster') ?? ''}
        options={[...clusters].sort().map(value => ({ value, label: value }))}
        onChange={cluster => change({ cluster })}
      />
      <FilterSelect
        label={t('column.status')}
        allLabel={t('filter.all')}
        value={params.get('state') ?? ''}
        options={STATES.map(value => ({
          value,
          label: t(`filter.state.${value}`),
        }))}
        onChange={state => change({ state })}
      />
      <ToggleButtonGroup
        exclusive
        size="small"
        value={view}
        onChange={(_, next) =>
          change({ view: next === 'table' ? 'table' : undefined })
        }
        aria-label={t('filter.view')}
      >
        <ToggleButton value="cards" aria-label={t('filter.cards')}>
          <ViewModule fontSize="small" />
        </ToggleButton>
        <ToggleButton value="table" aria-label={t('filter.table')}>
          <ViewList fontSize="small" />
        </ToggleButton>
      </ToggleButtonGroup>
    </Box>
  );
}
